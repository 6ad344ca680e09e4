import { formatQuantity, median } from '@perfkeel/core';
import type { BenchmarkView } from './benchmark-view.ts';
import { formatBound } from './censored.ts';
import { notablePeak, viewCourse, type CourseMark } from './course-view.ts';
import type { Points } from './decimate.ts';
import { enumerate, formatDuration } from './words.ts';

/** Fewer intervals say nothing of what is usual. */
const fewest = 5;

/**
 * When a benchmark was much slower than usual, and what happened then: `slow from 1m 08s to 1m 22s: p99 of response-time
 * up to 953 ms, usually 148 ms; meanwhile “12 failed”`. Of the round with the greatest time; `undefined` where none
 * stands out.
 */
export function slowStretchText(view: BenchmarkView): string | undefined {
  const course = viewCourse(view);
  const [line] = course?.panes.find(({ unit }) => unit === 'ns')?.lines ?? [];
  if (!course?.peak || !line) return undefined;
  const most = Math.max(...line.rounds.map(greatest));
  const points = line.rounds.find((round) => greatest(round) === most)!;
  if (points.length < fewest) return undefined;
  const usual = median(line.rounds.flatMap((round) => round.map(([, value]) => value)));
  const [first, last] = aroundPeak(points, most, notablePeak * usual);
  // A value stands at the end of its interval.
  const [from, to] = [points[first - 1]?.[0] ?? 0, points[last]![0]];
  const when =
    from > 0
      ? `from ${formatDuration(from / 1e6)} to ${formatDuration(to / 1e6)}`
      : `until ${formatDuration(to / 1e6)}`;
  const values = `${line.name} up to ${formatBound(most, 'ns', most >= (view.boundFrom ?? Infinity))}, usually ${formatQuantity(usual, 'ns')}`;
  return `slow ${when}: ${values}${meanwhile(course.marks, from, to)}`;
}

const greatest = (points: Points): number => points.reduce((most, [, value]) => Math.max(most, value), -Infinity);

/** The first and the last of the moments around the greatest value that are slow as well. */
function aroundPeak(points: Points, most: number, slow: number): readonly [first: number, last: number] {
  let first = points.findIndex(([, value]) => value === most);
  let last = first;
  while (first > 0 && points[first - 1]![1] >= slow) first--;
  while (last < points.length - 1 && points[last + 1]![1] >= slow) last++;
  return [first, last];
}

const mostNamed = 3;

function meanwhile(marks: readonly CourseMark[], from: number, to: number): string {
  const inside = marks.filter(({ at }) => at >= from && at < to);
  if (inside.length === 0) return '';
  const named = inside.slice(0, mostNamed).map(({ label }) => `“${label}”`);
  const more = inside.length > mostNamed ? [`${inside.length - mostNamed} more`] : [];
  return `; meanwhile ${enumerate([...named, ...more])}`;
}
