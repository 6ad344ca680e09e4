import type { Statistic } from '../objective.ts';
import { binomialCdf } from './binomial.ts';

/** Ranks, from 1, whose order statistics bound a quantile; `undefined` where the sample is too small for a bound. */
export interface QuantileRanks {
  readonly lo: number | undefined;
  readonly hi: number | undefined;
}

/**
 * Distribution-free one-sided bounds of a quantile (Hahn and Meeker, "Statistical Intervals", 1991, section 5.2): the
 * number of observations below the true quantile is binomial, so order statistics bound it whatever the distribution.
 *
 * @param q in (0, 1)
 * @param confidence of each bound by itself; both together have 2 * confidence - 1
 */
export function quantileRanks(n: number, q: number, confidence: number): QuantileRanks {
  return { lo: lowerRank(n, q, confidence), hi: upperRank(n, q, confidence) };
}

/** The smallest rank whose order statistic is at or above the quantile with the wanted confidence. */
function upperRank(n: number, q: number, confidence: number): number | undefined {
  const wanted = confidence - 1e-12; // rounding must not cost a rank
  if (n === 0 || 1 - q ** n < wanted) return undefined;
  let [lo, hi] = [1, n];
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (binomialCdf(middle - 1, n, q) >= wanted) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}

/** The mirror image: rank r bounds q from below as rank n + 1 - r bounds 1 - q from above. */
function lowerRank(n: number, q: number, confidence: number): number | undefined {
  const mirrored = upperRank(n, 1 - q, confidence);
  return mirrored === undefined ? undefined : n + 1 - mirrored;
}

/**
 * The smallest sample whose largest value bounds the quantile from above: 59 for p95 and 299 for p99 at 95 %
 * (Wilks, 1941).
 */
export const samplesForUpperBound = (q: number, confidence: number): number =>
  q >= 1 ? Infinity : Math.max(1, Math.ceil(Math.log(1 - confidence) / Math.log(q) - 1e-9));

/**
 * The fewest samples in which a quantile has an upper and a lower bound, whichever an objective asks for; 0 for a
 * statistic that is none.
 */
export const samplesForQuantile = (statistic: Statistic, confidence: number): number =>
  statistic.kind === 'quantile' && statistic.q > 0 && statistic.q < 1
    ? samplesForUpperBound(Math.max(statistic.q, 1 - statistic.q), confidence)
    : 0;
