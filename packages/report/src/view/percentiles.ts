import type { Distribution } from '@perfkeel/core';

/** The ticks of every percentile axis and the columns of every percentile table. */
export const tickQuantiles = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999] as const;

/** A percentile needs at least one value beyond it, or it is only another name for the maximum. */
export const isSupported = (q: number, count: number): boolean => count * (1 - q) >= 1 - 1e-9;

/** Those of `quantiles` that so many values can show. */
export const supportedQuantiles = (count: number, quantiles: readonly number[] = tickQuantiles): readonly number[] =>
  quantiles.filter((q) => isSupported(q, count));

/** The tail percentile worth naming when there is room for one: p99, else p90, else the maximum. */
export function tailQuantile({ count }: Pick<Distribution, 'count'>): number {
  return supportedQuantiles(count, [0.99, 0.9])[0] ?? 1;
}
