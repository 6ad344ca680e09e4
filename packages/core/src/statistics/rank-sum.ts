import { normalQuantile } from './normal.ts';

/**
 * Where the exact distribution is counted: above, the normal approximation is as good, but for it both sizes must be
 * large, so that a small one keeps the exact distribution for longer.
 */
export const isExact = (m: number, n: number): boolean => m * n <= (Math.min(m, n) <= 8 ? 4000 : 400);

/**
 * The distribution of the Mann-Whitney statistic U under no difference, as P(U <= u) for u = 0 .. m n, by counting
 * (Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger", 1947, section 3).
 */
export function mannWhitneyCdf(m: number, n: number): number[] {
  // ways[u] after adding the i-th of m items: the number of ways to choose i of the first items with sum u.
  const size = m * n + 1;
  const table = Array.from({ length: m + 1 }, () => new Float64Array(size));
  table[0]![0] = 1;
  for (let item = 1; item <= m + n; item++) {
    for (let chosen = Math.min(m, item); chosen >= 1; chosen--) {
      const from = table[chosen - 1]!;
      const into = table[chosen]!;
      // An item with `item - chosen` unchosen items before it adds that many inversions.
      for (let u = size - 1; u >= item - chosen; u--) into[u] = into[u]! + from[u - (item - chosen)]!;
    }
  }
  return cumulative(table[m]!);
}

function cumulative(ways: Float64Array): number[] {
  const total = ways.reduce((sum, way) => sum + way, 0);
  let running = 0;
  return Array.from(ways, (way) => (running += way) / total);
}

/** The outermost number of pairwise differences to cut on each side for a two-sided interval, and what it reaches. */
export interface RankInterval {
  /** How many of the ordered pairwise differences lie outside on each side; `undefined` when none can. */
  readonly cut: number | undefined;
  readonly confidence: number;
}

const known = new Map<string, readonly number[]>();

/** Counted once for each pair of sizes: a comparison asks for the same one for each of its metrics. */
export function knownCdf(m: number, n: number): readonly number[] {
  const sizes = `${m} ${n}`;
  const cdf = known.get(sizes) ?? mannWhitneyCdf(m, n);
  if (known.size < 100) known.set(sizes, cdf);
  return cdf;
}

/** What may lie on each side; a little more, since (1 - 0.9) / 2 comes out below 0.05. */
export const tailOf = (confidence: number): number => ((1 - confidence) / 2) * (1 + 1e-12);

/** Where to cut the m * n ordered differences so that the shift lies between with at least `confidence`. */
export function rankInterval(m: number, n: number, confidence: number): RankInterval {
  if (m === 0 || n === 0) return { cut: undefined, confidence: 0 };
  const alpha = tailOf(confidence);
  if (!isExact(m, n)) return approximate(m, n, confidence);
  const cdf = knownCdf(m, n);
  let cut = -1;
  while (cut + 1 < cdf.length && cdf[cut + 1]! <= alpha) cut++;
  return cut < 0 ? { cut: undefined, confidence: 1 - 2 * cdf[0]! } : { cut, confidence: 1 - 2 * cdf[cut]! };
}

function approximate(m: number, n: number, confidence: number): RankInterval {
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
  const cut = Math.floor((m * n) / 2 - normalQuantile(1 - (1 - confidence) / 2) * deviation - 0.5);
  return cut < 0 ? { cut: undefined, confidence: 0 } : { cut, confidence };
}
