import { metrics, type Metric, type RoundMeasurement, type Warning } from '@perfkeel/core';
import { describeLeak, describeOffHeap, describeResolution, whatWouldDecide } from './describe-leak.ts';
import type { LeakReport } from './detect-leak.ts';

/** Live JavaScript data over time, at every sample: shown, never judged. */
export const heapAfterGc: Metric = Object.freeze({ id: 'heap-after-gc', unit: 'B', better: 'neither' });

/** What a leak declaration measures. */
export const leakMetrics: readonly Metric[] = [metrics.growth, metrics.heap, metrics.rss, heapAfterGc];

/** What the round was asked. */
export interface Question {
  /** The least growth per iteration that an objective allows: only an interval that leaves it open needs advice. */
  readonly limit: number;
  readonly short?: boolean;
}

/** A report in the words of a round. */
export function leakMeasurements(report: LeakReport, { limit, short = false }: Question): readonly RoundMeasurement[] {
  const { perIteration } = report;
  const open = perIteration.lo <= limit && perIteration.hi >= limit;
  const needs = short ? 'a run that is not short' : whatWouldDecide(report, limit);
  const advice: readonly Warning[] = open ? [{ code: 'too-few-samples', message: needs }] : [];
  const estimate = { ...perIteration, warnings: [...perIteration.warnings, ...advice] };
  return [
    { metric: metrics.growth.id, data: { kind: 'estimate', estimate }, warnings: remarks(report) },
    { metric: metrics.heap.id, data: { kind: 'exact', value: report.heap } },
    { metric: metrics.rss.id, data: { kind: 'exact', value: report.rss } },
    {
      metric: heapAfterGc.id,
      data: { kind: 'series', points: report.samples.map(({ at, heap }) => [at, heap] as const) },
    },
  ];
}

function remarks(report: LeakReport): Warning[] {
  const remarks: Warning[] = [{ code: 'resolution', message: describeResolution(report.resolution) }];
  // Said even where the objective allows it: a small leak is still one.
  if (report.verdict !== 'stable') remarks.push({ code: report.reason, message: describeLeak(report) });
  if (report.stoppedBy !== undefined) {
    const why = report.stoppedBy === 'memory' ? 'half of the free heap was used up' : 'it took too long';
    remarks.push({ code: 'stopped-early', message: `stopped after ${report.samples.length} samples: ${why}` });
  }
  const { heap, external } = report.channels;
  // The finding above names the sum; this says how much of it are buffers.
  if (external.verdict !== 'stable' && heap.verdict !== 'stable' && external.reason !== 'short') {
    remarks.push({ code: 'grows-off-heap', message: describeOffHeap(external) });
  }
  return remarks;
}
