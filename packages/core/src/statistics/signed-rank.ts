import type { Estimate } from '../estimate.ts';
import { quantile, sorted } from './quantile.ts';
import { tailOf } from './rank-sum.ts';

const known = new Map<number, readonly number[]>();

/**
 * The distribution of Wilcoxon's signed rank statistic under no difference, as P(T <= t) for t = 0 .. n (n + 1) / 2, by
 * counting (Wilcoxon, "Individual Comparisons by Ranking Methods", 1945).
 */
export function signedRankCdf(n: number): readonly number[] {
  const found = known.get(n);
  if (found) return found;
  let ways = Float64Array.of(1);
  for (let rank = 1; rank <= n; rank++) {
    const next = new Float64Array(ways.length + rank);
    // In shares instead of counts, which would leave the range of numbers.
    ways.forEach((way, t) => {
      next[t]! += way / 2;
      next[t + rank]! += way / 2;
    });
    ways = next;
  }
  let running = 0;
  const cdf = Array.from(ways, (way) => (running += way));
  if (known.size < 200) known.set(n, cdf);
  return cdf;
}

/**
 * The middle of symmetric differences: the median of their pairwise means (Walsh averages), with the interval that
 * inverts the signed rank test (Hodges and Lehmann, 1963; Hollander and Wolfe, "Nonparametric Statistical Methods",
 * section 3.2). For pairs that share what disturbs them: what both have in common drops out.
 *
 * @param differences one for each pair
 * @param confidence two-sided, such as 0.95
 * @returns infinite `lo` and `hi` when there are too few pairs for that confidence: 6 reach 95 %
 */
export function signedRankShift(differences: readonly number[], confidence = 0.95): Estimate {
  const n = differences.length;
  const averages = sorted(differences.flatMap((a, i) => differences.slice(i).map((b) => (a + b) / 2)));
  const cdf = signedRankCdf(n);
  const alpha = tailOf(confidence);
  let cut = -1;
  while (n > 0 && cdf[cut + 1]! <= alpha) cut++;
  const last = averages.length - 1;
  return {
    value: quantile(averages, 0.5),
    lo: cut < 0 ? -Infinity : averages[cut]!,
    hi: cut < 0 ? Infinity : averages[last - cut]!,
    confidence: n === 0 ? 0 : 1 - 2 * cdf[Math.max(cut, 0)]!,
    method: 'Hodges-Lehmann shift of pairs, signed rank interval',
    warnings: [],
  };
}

/** One-sided p values that differences are above or below 0. A mean of 0 counts for neither: then it is conservative. */
export function signedRankTest(differences: readonly number[]): { readonly above: number; readonly below: number } {
  const n = differences.length;
  let [above, below] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const mean = (differences[i]! + differences[j]!) / 2;
      if (mean > 0) above++;
      else if (mean < 0) below++;
    }
  }
  const cdf = signedRankCdf(n);
  const all = (n * (n + 1)) / 2;
  return { above: cdf[all - above]!, below: cdf[all - below]! };
}
