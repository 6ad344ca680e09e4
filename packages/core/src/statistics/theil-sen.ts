import type { Estimate } from '../estimate.ts';
import { slopeInterval } from './kendall.ts';
import { select } from './select.ts';

/**
 * The slope of a line through points: the median of the slopes between all pairs (Theil, 1950; Sen, "Estimates of the
 * Regression Coefficient Based on Kendall's Tau", 1968), with the interval that inverts Kendall's test, exactly up to
 * 40 points. Up to 29 % of the points may be anywhere.
 *
 * The interval assumes independent errors; on an autocorrelated series it is too narrow.
 *
 * @param xs, ys of one length; pairs with equal x are left out, which only widens the interval. O(n^2): meant for
 * rounds and cycles, not for samples.
 * @returns infinite `lo` and `hi` when there are too few points for that confidence; then `confidence` is what the
 * extreme slopes would reach. `value` is `NaN` when no two points differ in x.
 * @throws RangeError when the lengths differ
 */
export function theilSenSlope(xs: readonly number[], ys: readonly number[], confidence = 0.95): Estimate {
  if (xs.length !== ys.length) throw new RangeError(`${xs.length} xs cannot go with ${ys.length} ys`);
  const slopes = pairwiseSlopes(xs, ys);
  const leftOut = (xs.length * (xs.length - 1)) / 2 - slopes.length;
  const { cut: full, confidence: reached } = slopeInterval(xs.length, confidence);
  // Each pair left out may have been on either side.
  const cut = full === undefined ? -1 : Math.floor(full - leftOut / 2);
  const bounded = cut >= 0 && slopes.length > 2 * cut;
  const value = medianOf(slopes);
  return {
    value,
    lo: bounded ? select(slopes, cut) : -Infinity,
    hi: bounded ? select(slopes, slopes.length - 1 - cut) : Infinity,
    confidence: reached,
    method: 'Theil-Sen slope, Sen interval',
    warnings: [],
  };
}

function pairwiseSlopes(xs: readonly number[], ys: readonly number[]): Float64Array {
  const slopes = new Float64Array((xs.length * (xs.length - 1)) / 2);
  let count = 0;
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      const dx = xs[j]! - xs[i]!;
      if (dx !== 0) slopes[count++] = (ys[j]! - ys[i]!) / dx;
    }
  }
  return slopes.subarray(0, count);
}

/** Reorders them; sorting all of many slopes for three of them would be most of the work. */
function medianOf(slopes: Float64Array): number {
  if (slopes.length === 0) return NaN;
  const [below, above] = [(slopes.length - 1) >>> 1, slopes.length >>> 1];
  const upper = select(slopes, above);
  return below === above ? upper : (select(slopes, below, 0, above) + upper) / 2;
}
