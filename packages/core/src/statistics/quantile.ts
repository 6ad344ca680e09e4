/** A copy in ascending order, `NaN` last. */
export const sorted = (values: Iterable<number>): number[] => Array.from(Float64Array.from(values).sort());

/**
 * The rank, in [1, n], of the entry that is the quantile `q` of `n` entries without interpolation: `ceil(q * n)`, where
 * a product that only rounding has lifted above a whole number counts as that number. 0.07 of 100 is rank 7, not 8.
 */
export const rankOf = (q: number, n: number): number => {
  const product = q * n;
  return Math.min(Math.max(Math.ceil(product - 4 * Number.EPSILON * product), 1), n);
};

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
  const share = position - Math.floor(position);
  // Without this, two equal infinities would interpolate to NaN.
  if (share === 0) return below;
  return below + (ascending[Math.ceil(position)]! - below) * share;
}

/** The median of values in any order; `NaN` when there are none. */
export const median = (values: readonly number[]): number => quantile(sorted(values), 0.5);

/** The median absolute deviation from the median, not scaled; `NaN` when there are no values. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}
