import { normalQuantile } from './normal.ts';
import { tailOf, type RankInterval } from './rank-sum.ts';

/** Above this many points the normal approximation of Kendall's statistic is as good as the exact distribution. */
const exactLimit = 40;

/**
 * The distribution of the number K of discordant pairs among n points without a trend, as P(K <= k) for
 * k = 0 .. n (n - 1) / 2, by counting permutations by their inversions (Kendall, "A New Measure of Rank Correlation",
 * 1938). Kendall's S is n (n - 1) / 2 - 2 K.
 */
export function kendallCdf(n: number): number[] {
  let shares = [1];
  for (let item = 2; item <= n; item++) {
    // The new item stands before 0 .. item - 1 of the earlier ones, each with the same probability.
    const next = new Array<number>(shares.length + item - 1).fill(0);
    shares.forEach((share, k) => {
      for (let added = 0; added < item; added++) next[k + added]! += share / item;
    });
    shares = next;
  }
  let running = 0;
  return shares.map((share) => Math.min(1, (running += share)));
}

/** Where to cut the n (n - 1) / 2 ordered pairwise slopes so that the slope lies between with at least `confidence`. */
export function slopeInterval(n: number, confidence: number): RankInterval {
  if (n < 2) return { cut: undefined, confidence: 0 };
  const alpha = tailOf(confidence);
  if (n > exactLimit) return { cut: approximateCut(n, alpha), confidence };
  const cdf = kendallCdf(n);
  const cut = cdf.findLastIndex((share) => share <= alpha);
  return cut < 0
    ? { cut: undefined, confidence: Math.max(0, 1 - 2 * cdf[0]!) }
    : { cut, confidence: 1 - 2 * cdf[cut]! };
}

/** S moves in steps of 2, hence the 1 of the continuity correction. */
function approximateCut(n: number, alpha: number): number {
  const pairs = (n * (n - 1)) / 2;
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return Math.floor((pairs - normalQuantile(1 - alpha) * deviation - 1) / 2);
}
