import type { Estimate } from '../estimate.ts';
import { normalQuantile } from './normal.ts';
import { quantile, sorted } from './quantile.ts';

/**
 * The slope of a line through points: the median of the slopes between all pairs (Theil, 1950; Sen, "Estimates of the
 * Regression Coefficient Based on Kendall's Tau", 1968), with Sen's interval. Up to 29 % of the points may be anywhere.
 *
 * The interval assumes independent errors; on an autocorrelated series it is too narrow.
 *
 * @param xs, ys of one length; pairs with equal x are left out. O(n^2): meant for rounds, not for samples.
 * @returns `NaN` when no two points differ in x
 */
export function theilSenSlope(xs: readonly number[], ys: readonly number[], confidence = 0.95): Estimate {
  const slopes: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    for (let j = i + 1; j < xs.length; j++) {
      const dx = xs[j]! - xs[i]!;
      if (dx !== 0) slopes.push((ys[j]! - ys[i]!) / dx);
    }
  }
  const ascending = sorted(slopes);
  const n = xs.length;
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const reach = normalQuantile(1 - (1 - confidence) / 2) * deviation;
  const count = ascending.length;
  const cut = Math.floor((count - reach) / 2);
  return {
    value: quantile(ascending, 0.5),
    lo: cut < 0 || count === 0 ? -Infinity : ascending[cut]!,
    hi: cut < 0 || count === 0 ? Infinity : ascending[count - 1 - cut]!,
    confidence,
    method: 'Theil-Sen slope, Sen interval',
    warnings: [],
  };
}
