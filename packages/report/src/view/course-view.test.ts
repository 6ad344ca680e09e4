import { metrics, type Metric, type RoundMeasurement } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun } from '../../test/support/build-run.ts';
import { viewBenchmarks } from './benchmark-view.ts';
import { eventsOf, marksAtPeak, viewCourse } from './course-view.ts';

const second = 1e9;
const collecting: Metric = { id: 'target-gc-time', unit: 'ratio', better: 'lower' };
const failedRate: Metric = { id: 'failed-rate', unit: '1/s', better: 'neither' };
const heatmap: Metric = { id: 'response-times', unit: 'ns', better: 'neither' };
const times = [1, 2, 3, 4].map((at) => at * second);

const series = (metric: string, values: readonly number[], marks?: readonly { at: number; label: string }[]) =>
  ({
    metric,
    data: {
      kind: 'series',
      points: values.map((value, i) => [times[i % times.length]!, value] as const),
      ...(marks ? { marks } : {}),
    },
  }) satisfies RoundMeasurement;

const courseOf = (measure: (round: number) => readonly RoundMeasurement[], rounds = 2) =>
  viewCourse(
    viewBenchmarks(
      buildRun([
        {
          id: 'checkout',
          kind: 'load',
          rounds,
          metrics: [metrics.responseTime, metrics.throughput, failedRate, heatmap, collecting],
          measure,
        },
      ]),
    )[0]!,
  );

test('rates stand above times, in one order, and what has several values a moment is no line', () => {
  const dense = {
    metric: heatmap.id,
    data: { kind: 'series', points: times.flatMap((at) => [1, 2, 3, 4].map((value) => [at, value] as const)) },
  } satisfies RoundMeasurement;
  const course = courseOf(() => [
    series('response-time', [5, 5, 5, 5]),
    series('failed-rate', [0, 1, 0, 0]),
    series('throughput', [9, 9, 9, 9]),
    dense,
  ]);
  expect(course!.panes.map(({ unit, lines }) => [unit, ...lines.map(({ name }) => name)])).toEqual([
    ['1/s', 'completed', 'failed'],
    ['ns', 'p99 of response-time'],
  ]);
});

test('failures of the second round stay in the second round', () => {
  const course = courseOf((round) => [
    series('throughput', [9, 9, 9, 9]),
    ...(round === 1 ? [series('failed-rate', [0, 2, 0, 0])] : []),
  ]);
  const failed = course!.panes[0]!.lines[1]!;
  expect(failed.rounds.map((points) => points.map(([, value]) => value))).toEqual([[], [0, 2, 0, 0]]);
});

test('marks that rounds have in common are drawn once, in the order of time, behind the peak', () => {
  const marks = [
    { at: 2 * second, label: 'peak hours' },
    { at: second, label: 'warm-up ends' },
    { at: NaN, label: 'never' },
  ];
  const course = courseOf(() => [series('throughput', [9, 9, 9, 9], marks), series('response-time', [1, 1, 9, 1])])!;
  expect(course.marks.map(({ label }) => label)).toEqual(['warm-up ends', 'peak hours']);
  expect(eventsOf(course).map(({ at }) => at / second)).toEqual([3, 1, 2]);
  const steady = courseOf(() => [series('throughput', [9, 9, 9, 9])])!;
  expect([steady.peak, eventsOf(steady)]).toEqual([undefined, []]);
});

test('however many marks a file holds, the course is still to be seen', () => {
  const marks = Array.from({ length: 5000 }, (_, i) => ({ at: i, label: `${i}` }));
  expect(courseOf(() => [series('throughput', [9, 9, 9, 9], marks)])!.marks.length).toBeLessThan(100);
});

test('marks know their rounds; what all rounds have is written before what one has', () => {
  const course = courseOf((round) => [
    series(
      'throughput',
      [9, 9, 9, 9],
      [
        { at: 3 * second, label: 'spike' },
        ...(round === 1 ? [{ at: 2.5 * second, label: 'collection of 12 ms' }] : []),
      ],
    ),
    series('response-time', [1, 1, 9, 1]),
  ])!;
  expect(course.marks).toEqual([
    { at: 2.5 * second, label: 'collection of 12 ms', rounds: [1] },
    { at: 3 * second, label: 'spike', rounds: [0, 1] },
  ]);
  expect(eventsOf(course).map(({ label }) => label)).toEqual(['9 ns at 3 s', 'spike', 'collection of 12 ms']);
});

test('what happened just before the greatest time stands beside it', () => {
  const marks = [0.5, 1.5, 2.5, 3.5].map((at) => ({ at: at * second, label: `at ${at}` }));
  const course = courseOf(() => [series('throughput', [9, 9, 9, 9], marks), series('response-time', [1, 1, 9, 1])])!;
  expect(marksAtPeak(course).map(({ label }) => label)).toEqual(['at 1.5', 'at 2.5']);
  const steady = courseOf(() => [series('throughput', [9, 9, 9, 9], marks)])!;
  expect(marksAtPeak(steady)).toEqual([]);
});

test('where a target collected much more garbage than usual stands beside what was slow then', () => {
  const course = courseOf((round) => [
    series('response-time', [1, 1, 9, 1]),
    series(collecting.id, round === 1 ? [0.001, 0.002, 0.14, 0.001] : [0.001, 0.019, 0.001, 0.001]),
  ])!;
  const mark = { at: 2.5 * second, label: 'target collects garbage, 14 %', rounds: [1] };
  expect(course.marks).toEqual([mark]);
  expect(marksAtPeak(course)).toEqual([mark]);
  // What is always so is no news, and no more is written than can be read.
  const shares = (values: readonly number[]): readonly string[] =>
    courseOf(() => [series(collecting.id, values)], 1)!.marks.map(
      ({ at, label }) => `${at / second} ${label.slice(-4)}`,
    );
  expect(shares([0.2, 0.3, 0.25, 0.4])).toEqual([]);
  expect(shares([0.5, 0, 0, 0])).toEqual(['0.5 50 %']);
});
