import { median } from '@perfkeel/core';
import type { ChartEvent } from '../svg/event-marks.ts';
import type { Points } from './decimate.ts';
import { formatShare } from './words.ts';

/** The share of the time that a target spends collecting garbage, told by itself in intervals. */
export const collectionMetric = 'target-gc-time';

/** What stops a program for less of the time is not felt at p99, which one request in a hundred is beyond. */
const leastShare = 0.02;

/** From this ratio to its usual share on, an interval stands out. */
const notable = 3;

/** Of one round. */
const mostMarked = 3;

/**
 * The intervals in which a target collected much more garbage than usual, in the order of time: what is slow at the same
 * moment waited for it, perhaps. In their middle, where single collections are not told.
 *
 * @param points shares of the time, in [0, 1], at the ends of intervals
 */
export function collectionMarks(points: Points): readonly ChartEvent[] {
  const least = Math.max(leastShare, notable * median(points.map(([, share]) => share)));
  return points
    .map(([at, share], i) => ({ at: at - lengthOf(points, i) / 2, share }))
    .filter(({ share }) => share >= least)
    .sort((a, b) => b.share - a.share)
    .slice(0, mostMarked)
    .sort((a, b) => a.at - b.at)
    .map(({ at, share }) => ({ at, label: `target collects garbage, ${formatShare(share)}` }));
}

/** How long an interval is; the first one is as long as the second. */
function lengthOf(points: Points, i: number): number {
  const [before, end] = [points[Math.max(i, 1) - 1], points[Math.max(i, 1)]];
  return before === undefined || end === undefined ? 0 : end[0] - before[0];
}
