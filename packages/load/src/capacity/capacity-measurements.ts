import { metrics, type Metric, type RoundMeasurement, type RoundResult } from '@perfkeel/core';
import type { CapacityPlan } from './capacity-plan.ts';
import type { CapacityResult, CapacityTrial } from './capacity-result.ts';

/** The rate of each trial over time: with the two series beside it, the knee where waiting begins. */
const trialRate: Metric = Object.freeze({ id: 'trial-rate', unit: '1/s', better: 'neither' });
const trialThroughput: Metric = Object.freeze({ id: 'trial-throughput', unit: '1/s', better: 'neither' });
const trialTime: Metric = Object.freeze({ id: 'trial-p99', unit: 'ns', better: 'neither' });

/** What a capacity declaration measures. */
export const capacityMetrics = ({ at }: CapacityPlan): readonly Metric[] => [
  metrics.capacity,
  metrics.throughput,
  trialRate,
  trialThroughput,
  trialTime,
  ...at.map(({ metric }) => metric),
];

/** A search in the words of a round. */
export function capacityMeasurements(result: CapacityResult, { at }: CapacityPlan): RoundResult {
  const { capacity, conditionalThroughput, trials, shares, warnings } = result;
  const series = (metric: Metric, value: (trial: CapacityTrial) => number): RoundMeasurement => ({
    metric: metric.id,
    data: {
      kind: 'series',
      points: trials.map((trial) => [trial.startedAt, value(trial)] as const).filter(([, y]) => Number.isFinite(y)),
    },
  });
  return {
    measurements: [
      { metric: metrics.capacity.id, data: { kind: 'estimate', estimate: capacity }, warnings },
      ...(Number.isNaN(conditionalThroughput)
        ? []
        : [{ metric: metrics.throughput.id, data: { kind: 'exact' as const, value: conditionalThroughput } }]),
      series(trialRate, ({ rate }) => rate),
      series(trialThroughput, ({ throughput }) => throughput),
      series(trialTime, ({ p99 }) => p99),
      ...shares.map(({ percent, responseTime, warnings }): RoundMeasurement => ({
        metric: at.find((share) => share.percent === percent)!.metric.id,
        data: { kind: 'histogram', histogram: responseTime.toData() },
        warnings,
      })),
    ],
  };
}
