import { median } from '@perfkeel/core';

/** A history whose lone outliers were pulled to its level. */
export interface CalmHistory {
  readonly values: readonly number[];
  /** Places of the points that no neighbour supports, ascending. */
  readonly outliers: readonly number[];
}

/** How far a neighbour lies at most, in places and in standard deviations, and how many of them make a point credible. */
const [reach, nearness, supporters] = [5, 3, 2];

/**
 * Pulls lone points to three standard deviations from the median around them. A point is alone when fewer than two of the
 * five points on either side are within three standard deviations of it, so that the third point of a new level makes
 * all three credible, and one or two bad runs never make a level.
 */
export function calmOutliers(values: readonly number[], sigma: number): CalmHistory {
  const outliers: number[] = [];
  const calm = values.map((value, i) => {
    const [from, to] = [Math.max(0, i - reach), Math.min(values.length, i + reach + 1)];
    if (to - from <= supporters + 1 || isSupported(values, from, to, value, nearness * sigma)) return value;
    const centre = median(values.slice(from, to));
    const pulled = Math.min(Math.max(value, centre - nearness * sigma), centre + nearness * sigma);
    if (pulled !== value) outliers.push(i);
    return pulled;
  });
  return { values: calm, outliers };
}

/** Whether enough values of a stretch lie that near to one of them. */
function isSupported(values: readonly number[], from: number, to: number, value: number, near: number): boolean {
  // Not counting itself.
  let found = -1;
  for (let at = from; at < to && found < supporters; at++) if (Math.abs(values[at]! - value) <= near) found++;
  return found >= supporters;
}
