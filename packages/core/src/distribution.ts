import { createHistogram } from './histogram.ts';
import type { MeasurementData } from './measurement.ts';
import { rankOf, sorted } from './statistics/quantile.ts';

/** Many numbers that can be asked for their order statistics, however they were recorded. */
export interface Distribution {
  readonly count: number;
  /** `NaN` when empty. */
  readonly mean: number;
  /** The k-th smallest, `rank` in [1, count]; `NaN` when empty. */
  valueAtRank(rank: number): number;
  /** The entry of rank `ceil(q * count)`, no interpolation, `q` in [0, 1]; `NaN` when empty. */
  quantile(q: number): number;
}

function sampleDistribution(values: readonly number[]): Distribution {
  const ascending = sorted(values);
  const n = ascending.length;
  const valueAtRank = (rank: number): number => ascending[Math.min(Math.max(rank, 1), n) - 1] ?? NaN;
  return {
    count: n,
    mean: n === 0 ? NaN : ascending.reduce((sum, value) => sum + value, 0) / n,
    valueAtRank,
    quantile: (q) => valueAtRank(rankOf(q, n)),
  };
}

/**
 * The distribution of one metric, pooled over the rounds given. `undefined` when these data are not distributions.
 * The rounds of one metric are of one kind; were they mixed, samples would win.
 */
export function distributionOf(rounds: readonly MeasurementData[]): Distribution | undefined {
  const samples = rounds.filter((data) => data.kind === 'sample');
  if (samples.length > 0) return sampleDistribution(samples.flatMap((data) => data.values));
  const histograms = rounds.filter((data) => data.kind === 'histogram');
  if (histograms.length > 0) return createHistogram(...histograms.map((data) => data.histogram));
  return undefined;
}
