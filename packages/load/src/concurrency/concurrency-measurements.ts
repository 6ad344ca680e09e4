import { metrics, type Metric, type RoundResult } from '@perfkeel/core';
import type { ConcurrencyResult } from './concurrency-result.ts';

/** Share of the pairs of operations in a burst that were under way at the same time. */
export const overlapShare: Metric = Object.freeze({ id: 'overlap', unit: 'ratio', better: 'neither' });

/** What a concurrency declaration measures. */
export const concurrencyMetrics: readonly Metric[] = [
  metrics.violations,
  metrics.errors,
  metrics.responseTime,
  overlapShare,
];

/**
 * A round of bursts in the words of a round. Violations are the bursts that show one among all bursts: shares pool over
 * the rounds, so that one burst in one round is enough, and without any their interval says what was not excluded.
 */
export function concurrencyMeasurements(result: ConcurrencyResult): RoundResult {
  const { violatedBursts, bursts, operations, outcomes, overlap, responseTime, dropped, warnings } = result;
  return {
    measurements: [
      {
        metric: metrics.violations.id,
        data: { kind: 'count', events: violatedBursts, trials: bursts },
        dropped,
        warnings,
      },
      {
        metric: metrics.errors.id,
        data: { kind: 'count', events: operations.length - outcomes.ok, trials: operations.length },
      },
      { metric: metrics.responseTime.id, data: { kind: 'histogram', histogram: responseTime.toData() } },
      ...(Number.isNaN(overlap.share)
        ? []
        : [{ metric: overlapShare.id, data: { kind: 'exact' as const, value: overlap.share } }]),
    ],
  };
}
