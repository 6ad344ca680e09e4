/**
 * A quantile of a histogram of buckets, as `histogram_quantile` of Prometheus has it: by linear interpolation inside the
 * bucket that holds it. Above the last finite bound that bound is all that is known.
 *
 * @param buckets how many values are at most as large as each bound, which may be infinite; in any order
 * @param q in [0, 1]
 * @returns `NaN` without values, and where nothing tells how many there are
 */
export function bucketQuantile(buckets: ReadonlyMap<number, number>, q: number): number {
  const ascending = [...buckets].sort(([a], [b]) => a - b);
  const total = ascending.at(-1)?.[0] === Infinity ? ascending.at(-1)![1] : 0;
  if (!(total > 0) || ascending.length < 2) return NaN;
  const rank = q * total;
  // Counts that were read while they changed may go down for a moment.
  let [from, below] = [0, 0];
  for (const [bound, count] of ascending) {
    const all = Math.max(count, below);
    if (all >= rank && all > 0) {
      if (bound === Infinity) return from;
      const low = Math.min(from, bound);
      return all === below ? bound : low + (bound - low) * ((rank - below) / (all - below));
    }
    [from, below] = [bound, all];
  }
  return from;
}
