import { metrics, type Estimate, type Metric, type RoundMeasurement, type Warning } from '@perfkeel/core';
import type { Filling } from './bounded.ts';
import { describeLeak, describeOffHeap, describeResolution, silentThreads, whatWouldDecide } from './describe-leak.ts';
import type { LeakReport } from './detect-leak.ts';
import type { LengthWord } from './leak-options.ts';
import { describeIdle, type IdleGrowth } from './idle-growth.ts';
import { cleanUpMeasurements, cleanUpMetrics, cleanUpRemark } from './clean-up/clean-up-metrics.ts';
import type { LoadCleanUp } from './clean-up/clean-up.ts';
import type { PhaseGrowth } from './phases/phase-growth.ts';
import { phaseMeasurements, phaseMetric } from './phases/phase-metrics.ts';
import { describeProjection, type LabelledProjection } from './leak-projections.ts';

/** Live JavaScript data over time, at every sample: shown, never judged. */
export const heapAfterGc: Metric = Object.freeze({ id: 'heap-after-gc', unit: 'B', better: 'neither' });

/** Memory that a planned length would leave behind, projected from a short run. */
const projectedGrowth: Metric = Object.freeze({ id: 'projected', unit: 'B', better: 'lower' });

/** Memory that time alone leaves behind, while nothing is asked. */
const idleGrowth: Metric = Object.freeze({ id: 'idle-growth', unit: 'B/s', better: 'lower' });

/** What every leak declaration measures. */
export const leakMetrics: readonly Metric[] = [metrics.growth, metrics.heap, metrics.rss, heapAfterGc];

/** What a leak declaration measures that asks for more. */
export const leakMetricsFor = (asked: AskedMetrics): readonly Metric[] => [
  ...leakMetrics,
  ...(asked.projects ? [projectedGrowth] : []),
  ...(asked.idles ? [idleGrowth] : []),
  ...(asked.cleansUp ? cleanUpMetrics : []),
  ...asked.phases.map(phaseMetric),
];

interface AskedMetrics {
  readonly projects: boolean;
  readonly idles: boolean;
  readonly cleansUp: boolean;
  readonly phases: readonly string[];
}

/** What the round was asked. */
export interface Question {
  /** The least growth per iteration that an objective allows: only an interval that leaves it open needs advice. */
  readonly limit: number;
  /** In which the length of the measurement is written. @default 'duration' */
  readonly word?: LengthWord;
  readonly short?: boolean;
  readonly idle?: IdleGrowth | undefined;
  /** The first one is what objectives speak of. */
  readonly projections?: readonly LabelledProjection[];
  readonly filling?: readonly Filling[];
  readonly cleanUp?: LoadCleanUp | undefined;
  /** Those that were declared, and what was found of them. */
  readonly phases?: { readonly names: readonly string[]; readonly found: readonly PhaseGrowth[] } | undefined;
}

/** A report in the words of a round. */
export function leakMeasurements(report: LeakReport, question: Question): readonly RoundMeasurement[] {
  const { idle, projections = [], cleanUp, phases } = question;
  const estimate = growthEstimate(report, question);
  return [
    { metric: metrics.growth.id, data: { kind: 'estimate', estimate }, warnings: remarks(report, question) },
    ...courseMeasurements(report.samples, report),
    ...projections.slice(0, 1).map((projection) => projected(projection, report)),
    ...(idle ? [{ metric: idleGrowth.id, data: { kind: 'estimate', estimate: idle.perSecond } } as const] : []),
    ...(cleanUp ? cleanUpMeasurements(cleanUp) : []),
    ...(phases ? phaseMeasurements(phases.names, phases.found) : []),
  ];
}

const isKnown = ({ heap }: Pick<LeakReport, 'heap'>): boolean => !Number.isNaN(heap);

/** How memory went, and where it ended: without a verdict. */
export function courseMeasurements(
  samples: LeakReport['samples'],
  end: Pick<LeakReport, 'heap' | 'rss' | 'warmUpEndedAt'>,
): readonly RoundMeasurement[] {
  const points = samples.filter(isKnown).map(({ at, heap }) => [at, heap] as const);
  const marks = end.warmUpEndedAt === undefined ? {} : { marks: [{ at: end.warmUpEndedAt, label: 'warm-up ends' }] };
  return [
    ...(isKnown(end) ? [{ metric: metrics.heap.id, data: { kind: 'exact', value: end.heap } } as const] : []),
    { metric: metrics.rss.id, data: { kind: 'exact', value: end.rss } },
    ...(points.length > 0 ? [{ metric: heapAfterGc.id, data: { kind: 'series', points, ...marks } } as const] : []),
  ];
}

/** With what would decide it, where an objective is open. A container that may still fill explains growth down to 0. */
function growthEstimate(report: LeakReport, { limit, word, short = false, filling = [] }: Question): Estimate {
  const explained = report.verdict !== 'stable' && filling.length > 0 && filling.every(({ broken }) => !broken);
  const perIteration = explained ? { ...report.perIteration, lo: 0 } : report.perIteration;
  const open = perIteration.lo <= limit && perIteration.hi >= limit;
  const needs = short ? 'a run that is not short' : whatWouldDecide(report, limit, word);
  const full = `${filling.map(({ name }) => name).join(' and ')} at the bound: fill it in setup, or raise ${word ?? 'duration'}`;
  const advice: readonly Warning[] = open ? [{ code: 'too-few-samples', message: explained ? full : needs }] : [];
  return { ...perIteration, warnings: [...perIteration.warnings, ...advice] };
}

function projected({ expected, lower, upper }: LabelledProjection, { perIteration }: LeakReport): RoundMeasurement {
  const estimate = {
    value: Math.min(expected, upper),
    lo: lower,
    hi: upper,
    confidence: perIteration.confidence,
    method: 'slope and resolution, times the iterations',
    warnings: [],
  };
  return { metric: projectedGrowth.id, data: { kind: 'estimate', estimate } };
}

/** Remarks with the same code are shown as one. */
export const numbered = (code: string, index: number): string => (index === 0 ? code : `${code}-${index + 1}`);

function remarks(report: LeakReport, { idle, projections = [], filling = [], cleanUp }: Question): Warning[] {
  const remarks: Warning[] = [];
  // Of a leak nobody asks what else would have been seen; its interval says how well it is known.
  if (report.verdict !== 'leak' && report.reason !== 'silent')
    remarks.push({ code: 'resolution', message: describeResolution(report.resolution) });
  // Said even where the objective allows it: a small leak is still one.
  if (report.verdict !== 'stable') remarks.push({ code: report.reason, message: describeLeak(report) });
  if (report.stoppedBy !== undefined) {
    const why = report.stoppedBy === 'memory' ? 'half of the free heap was used up' : 'it took too long';
    remarks.push({ code: 'stopped-early', message: `stopped after ${report.samples.length} samples: ${why}` });
  }
  const { heap, external, threads } = report.channels;
  if (threads?.reason === 'silent' && report.reason !== 'silent') {
    remarks.push({ code: 'silent-threads', message: silentThreads });
  }
  // The finding above names the sum; this says how much of it are buffers.
  if (external.verdict !== 'stable' && heap.verdict !== 'stable' && external.reason !== 'short') {
    remarks.push({ code: 'grows-off-heap', message: describeOffHeap(external) });
  }
  remarks.push(...filling.map(({ broken, message }) => ({ code: broken ? 'bound-broken' : 'still-filling', message })));
  remarks.push(
    ...projections.map((each, i) => ({ code: numbered('projection', i), message: describeProjection(each) })),
  );
  if (idle) remarks.push({ code: 'idle', message: describeIdle(idle) });
  if (cleanUp) remarks.push(cleanUpRemark(cleanUp));
  return remarks;
}
