import { cellCount, nanos, type RoundMeasurement } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { courses } from './courses.ts';
import { planProfile } from './profile/load-profile.ts';
import type { LoadInterval } from './record/load-series.ts';
import { addSparse, quantilesTogether, sparseHistogram, sparseQuantile } from './record/sparse-histogram.ts';

const second = 1e9;

/** A second in which so many were completed, the i-th of them in 100 i nanoseconds. */
const interval = (at: number, completed: number, more: Partial<LoadInterval> = {}): LoadInterval => ({
  start: nanos(at * second),
  end: nanos((at + 1) * second),
  ...{ sent: completed, completed, failed: 0, inFlight: 0, eventLoopUtilisation: 0 },
  responseTime: sparseHistogram(Array.from({ length: completed }, (_, i) => [(i + 1) * 100, 1] as const)),
  scheduleLag: sparseHistogram(completed > 0 ? [[7, completed]] : []),
  ...more,
});

const profile = planProfile({ rate: '10/s', for: '3s', warmup: '1s' });
const three = [interval(0, 5), interval(1, 0), interval(2, 8)];

type Course = Extract<RoundMeasurement['data'], { kind: 'series' }>;
const coursesOf = (...parameters: Parameters<typeof courses>): Readonly<Record<string, Course>> =>
  Object.fromEntries(courses(...parameters).map(({ metric, data }) => [metric, data as Course]));
const valuesOf = (course: Course | undefined): readonly number[] | undefined =>
  course?.points.map(([, value]) => value);

describe('the course of a run', () => {
  it('says what was due, sent and got done each second, and the tails of times where something ended', () => {
    const { 'response-times': spread, ...lines } = coursesOf(three, profile);
    const values = Object.entries(lines).map(([metric, course]) => [metric, valuesOf(course)]);
    expect(Object.fromEntries(values)).toEqual({
      throughput: [5, 0, 8],
      'intended-rate': [10, 10, 10],
      'sent-rate': [5, 0, 8],
      'response-time': [500, 800],
      'schedule-lag': [7, 7],
    });
    expect(lines['response-time']!.points.map(([at]) => at)).toEqual([second, 3 * second]);
    expect(spread!.points).toHaveLength(32);
  });

  it('has a rate of failures only where something failed, to five digits', () => {
    const failed = [...three.slice(0, 2), interval(2, 8, { failed: 2, end: nanos(3.3 * second) })];
    expect(valuesOf(coursesOf(failed, profile)['failed-rate'])).toEqual([0, 0, 1.5385]);
  });

  it('is none of a run that is too short to have one, and leaves out the sliver at its end', () => {
    expect(courses(three.slice(0, 2), profile)).toEqual([]);
    const sliver = interval(3, 1, { end: nanos(3.05 * second) });
    expect(courses([...three, sliver], profile)).toEqual(courses(three, profile));
  });

  it('of clients has no rate that was intended, and no schedule to be late on', () => {
    const clients = planProfile({ clients: 2, for: '3s', warmup: '0s' });
    expect(Object.keys(coursesOf(three, clients)).sort()).toEqual([
      'response-time',
      'response-times',
      'sent-rate',
      'throughput',
    ]);
  });

  it('knows what was due on a ramp, across phases, and behind the end', () => {
    const stages = [
      'warm up at 10/s for 1s',
      'ramp to 30/s over 1500ms',
      'rest for 500ms',
      'peak: hold 40/s for 1s',
    ] as const;
    const all = coursesOf(
      [0, 1, 2, 3, 4].map((at) => interval(at, 8)),
      planProfile({ stages }),
    );
    // Of the third second half a ramp from 23.3/s to 30/s, and half nothing.
    expect(valuesOf(all['intended-rate'])).toEqual([10, 16.667, 13.333, 40, 0]);
    expect(all['throughput']!.marks).toEqual([
      { at: second, label: 'ramp' },
      { at: 2.5 * second, label: 'rest' },
      { at: 3 * second, label: 'peak' },
    ]);
  });

  it('marks where the warm-up of a steady load ends, where it has one', () => {
    expect(coursesOf(three, profile)['throughput']!.marks).toEqual([{ at: second, label: 'warm-up ends' }]);
    const cold = planProfile({ rate: '10/s', for: '3s', warmup: '0s' });
    expect(coursesOf(three, cold)['throughput']).not.toHaveProperty('marks');
  });

  it('of hours has no more moments than a screen, and each stands for all of its requests', () => {
    const hours = Array.from({ length: 500 }, (_, at) => interval(at, 4));
    const { points } = coursesOf(hours, profile)['response-times']!;
    const moments = [...new Set(points.map(([at]) => at))];
    expect([moments.length, points.length, moments[0], moments.at(-1)]).toEqual([100, 1600, 5 * second, 500 * second]);
    // Four answers of 100, 200, 300 and 400 ns: a quarter of the values is each.
    expect(points.slice(0, 16).map(([, value]) => value)).toEqual([100, 200, 300, 400].flatMap((v) => [v, v, v, v]));
    expect(JSON.stringify(courses(hours, profile)).length).toBeLessThan(150_000);
  });
});

it('quantiles of histograms together are those of their sum, again and again', () => {
  const some = [3, 40, 500, 2000].map((cell, i) => [cell, i + 1] as const);
  const all = [sparseHistogram(some), sparseHistogram([]), sparseHistogram([[40, 7] as const, [9000, 2] as const])];
  const ranks = [0, 0.1, 0.3, 0.5, 0.99, 1];
  const scratch = new Float64Array(cellCount);
  const sum = all.reduce(addSparse);
  for (let again = 0; again < 2; again++) {
    expect(quantilesTogether(all, ranks, scratch)).toEqual(ranks.map((q) => sparseQuantile(sum, q)));
  }
  expect(quantilesTogether([sparseHistogram([])], ranks, scratch)).toEqual([]);
});
