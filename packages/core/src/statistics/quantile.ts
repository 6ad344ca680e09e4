/** A copy in ascending order. */
export const sorted = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

/**
 * The quantile of an ascending sample by linear interpolation between order statistics (type 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages", 1996).
 *
 * @param ascending values in ascending order; not changed
 * @param q in [0, 1]
 * @returns `NaN` for an empty sample
 */
export function quantile(ascending: readonly number[], q: number): number {
  if (ascending.length === 0) return NaN;
  const position = q * (ascending.length - 1);
  const below = ascending[Math.floor(position)]!;
  const above = ascending[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** The median of values in any order; `NaN` when there are none. */
export const median = (values: readonly number[]): number => quantile(sorted(values), 0.5);

/** The median absolute deviation from the median, not scaled; `NaN` when there are no values. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}
