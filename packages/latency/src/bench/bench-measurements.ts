import { metrics, type Metric, type RoundMeasurement, type RoundResult, type Warning } from '@perfkeel/core';
import type { BenchResult } from './measure-bench.ts';

/** What a micro-benchmark measures; the last four only where the platform can. */
export const benchMetrics: readonly Metric[] = [
  metrics.timePerOperation,
  metrics.throughput,
  metrics.cpuTime,
  metrics.userTime,
  metrics.systemTime,
  metrics.allocated,
  metrics.collections,
  metrics.collectionTime,
];

/** A result as the measurements of a round. Remarks are about the time; what they forbid is forbidden of every time. */
export function benchMeasurements(result: BenchResult): RoundResult {
  const { timePerOperation, warnings } = result;
  const bans = warnings.filter(({ forbids }) => forbids !== undefined);
  return {
    measurements: [
      { metric: metrics.timePerOperation.id, data: { kind: 'sample', values: timePerOperation }, warnings },
      ...exactly(metrics.throughput, result.throughput, bans),
      ...exactly(metrics.cpuTime, result.cpuTime, bans),
      ...exactly(metrics.userTime, result.userTime, bans),
      ...exactly(metrics.systemTime, result.systemTime, bans),
      ...exactly(metrics.allocated, result.allocated),
      ...exactly(metrics.collections, result.collections),
      ...exactly(metrics.collectionTime, result.collectionTime),
    ],
  };
}

const exactly = (
  { id }: Metric,
  value: number | undefined,
  warnings: readonly Warning[] = [],
): readonly RoundMeasurement[] =>
  value === undefined ? [] : [{ metric: id, data: { kind: 'exact', value }, warnings }];
