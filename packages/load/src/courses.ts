import { cellCount, metrics, type MeasurementData, type RoundMeasurement, type LongCollection } from '@perfkeel/core';
import { courseMarks, type Marks } from './course-marks.ts';
import { failedRate, intendedRate, sentRate } from './load-metrics.ts';
import type { LoadProfile } from './profile/load-profile.ts';
import { windowsOf, type Phase } from './profile/phase.ts';
import type { LoadInterval } from './record/load-series.ts';
import { quantilesTogether, sparseQuantile } from './record/sparse-histogram.ts';

type Points = Extract<MeasurementData, { kind: 'series' }>['points'];

/** Fewer points show no course. */
const fewestPoints = 3;

/** In nanoseconds: what was got done in less says nothing of a rate. */
const shortestInterval = 1e8;

/** Where the response times of a moment lie: the middles of sixteen equal shares of its requests. */
const shares = Array.from({ length: 16 }, (_, i) => (i + 0.5) / 16);

/** A screen has no more columns to show them in, and hours take no more of a file than minutes. */
const mostMoments = 120;

/**
 * The course of a run: what was due, sent, got done and failed each second, how late the generator was, and how the
 * response times lay. Intervals in which nothing ended have no times; a run without failures has no rate of them.
 */
export function courses(
  all: readonly LoadInterval[],
  profile: LoadProfile,
  collections: readonly LongCollection[] = [],
): readonly RoundMeasurement[] {
  const series = all.filter(({ start, end }) => end - start >= shortestInterval);
  if (series.length < fewestPoints) return [];
  const rates = (read: (interval: LoadInterval) => number): Points =>
    series.map((interval) => [interval.end, rateOf(read(interval), interval)] as const);
  const open = profile.model === 'open';
  const marks = courseMarks(series, profile.phases, collections);
  return [
    course(
      metrics.throughput.id,
      rates(({ completed }) => completed),
      marks,
    ),
    ...(open ? [course(intendedRate.id, rates(dueIn(profile.phases)))] : []),
    course(
      sentRate.id,
      rates(({ sent }) => sent),
    ),
    ...(series.some(({ failed }) => failed > 0)
      ? [
          course(
            failedRate.id,
            rates(({ failed }) => failed),
          ),
        ]
      : []),
    course(metrics.responseTime.id, tails(series, 'responseTime')),
    ...(open ? [course(metrics.scheduleLag.id, tails(series, 'scheduleLag'))] : []),
    course(metrics.responseTimes.id, spreads(series)),
  ].filter(({ data }) => data.kind === 'series' && data.points.length > 0);
}

const course = (metric: string, points: Points, marks: Marks = []): RoundMeasurement => ({
  metric,
  data: { kind: 'series', points, ...(marks.length > 0 ? { marks } : {}) },
});

/** More digits would be noise, and most of the file. */
const rateOf = (count: number, { start, end }: LoadInterval): number =>
  Number(((count * 1e9) / (end - start)).toPrecision(5));

/** The p99 of each interval. */
const tails = (series: readonly LoadInterval[], name: 'responseTime' | 'scheduleLag'): Points =>
  series
    .filter((interval) => interval[name].count > 0)
    .map((interval) => [interval.end, sparseQuantile(interval[name], 0.99)] as const);

/** Several values with one time stamp for each moment: neighbours are put together where there are too many of them. */
function spreads(series: readonly LoadInterval[]): Points {
  const size = Math.ceil(series.length / mostMoments);
  const scratch = new Float64Array(cellCount);
  return Array.from({ length: Math.ceil(series.length / size) }, (_, i) =>
    series.slice(i * size, (i + 1) * size),
  ).flatMap((part) => {
    const times = part.map(({ responseTime }) => responseTime);
    return quantilesTogether(times, shares, scratch).map((value) => [part.at(-1)!.end, value] as const);
  });
}

/** Requests that are due in an interval, which may be none: exact, since the level of a phase is a straight line. */
function dueIn(phases: readonly Phase[]): (interval: LoadInterval) => number {
  const windows = windowsOf(phases);
  return ({ start, end }) =>
    phases.reduce((sum, { level, duration }, i) => {
      const [from, to] = [Math.max(start, windows[i]!.start), Math.min(end, windows[i]!.end)];
      if (to <= from) return sum;
      const passed = ((from + to) / 2 - windows[i]!.start) / duration;
      return sum + ((level.from + (level.to - level.from) * passed) * (to - from)) / 1e9;
    }, 0);
}
