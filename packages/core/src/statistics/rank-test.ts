import { normalCdf } from './normal.ts';
import { isExact, knownCdf } from './rank-sum.ts';

/** One-sided p values of the hypothesis that both samples come from one distribution. */
export interface RankTest {
  /** Small when head is larger. */
  readonly larger: number;
  /** Small when head is smaller. */
  readonly smaller: number;
  /** Twice the smaller of the two, at most 1. */
  readonly either: number;
}

/**
 * The Mann-Whitney test, exact for the sizes for which `rankInterval` is, so that a test rejects when the interval
 * excludes 0. A tie counts for neither side: with ties the test is conservative.
 *
 * @returns 1 everywhere when a side is empty
 */
export function rankTest(base: readonly number[], head: readonly number[]): RankTest {
  let [above, below] = [0, 0];
  for (const h of head) {
    for (const b of base) {
      if (h > b) above++;
      else if (h < b) below++;
    }
  }
  const pairs = base.length * head.length;
  const larger = lowerTail(pairs - above, base.length, head.length);
  const smaller = lowerTail(pairs - below, base.length, head.length);
  return { larger, smaller, either: Math.min(1, 2 * Math.min(larger, smaller)) };
}

/** P(U <= u), by the normal approximation with continuity correction where counting is not worth it. */
function lowerTail(u: number, m: number, n: number): number {
  if (m === 0 || n === 0) return 1;
  if (isExact(m, n)) return Math.min(1, knownCdf(m, n)[u]!);
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
  return normalCdf((u + 0.5 - (m * n) / 2) / deviation);
}
