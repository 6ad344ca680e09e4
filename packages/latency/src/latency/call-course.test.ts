import { nanos } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { CallCourse } from './call-course.ts';
import { latencyCourse } from './latency-course.ts';
import { Tally } from './tally.ts';

const ms = 1e6;

/** Calls that end one after another, each so long. */
function courseOf(count: number, timeOf: (i: number) => number, begin = 0): CallCourse {
  const course = new CallCourse(begin);
  let end = begin;
  for (let i = 0; i < count; i++) course.record((end += timeOf(i)), timeOf(i));
  return course;
}

describe('calls over time', () => {
  test('are laid in equal stretches, each with its rate and its quantiles', () => {
    // 64 calls of a millisecond, and then 64 of three.
    const moments = courseOf(128, (i) => (i < 64 ? 1 : 3) * ms, 5 * ms).moments();
    expect(moments).toHaveLength(8);
    expect(moments.map(({ end }) => end / ms)).toEqual([32, 64, 96, 128, 160, 192, 224, 256]);
    expect(moments[0]!.quantiles).toEqual(Array(8).fill(ms));
    expect(moments[7]!.quantiles).toEqual(Array(8).fill(3 * ms));
    expect(moments[1]!.throughput).toBeCloseTo(1000, -2);
    expect(moments[6]!.throughput).toBeCloseTo(333, -2);
  });

  test('however many there are, few are kept, and they stand for all', () => {
    const moments = courseOf(100_000, (i) => (i < 50_000 ? 1 : 2) * ms).moments();
    expect(moments).toHaveLength(32);
    for (const { start, throughput, quantiles } of moments) {
      const expected = start < 50_000 * ms ? 1 : 2;
      expect(quantiles[4]! / ms).toBeCloseTo(expected, 0);
      expect(throughput / (1000 / expected)).toBeGreaterThan(0.8);
      expect(throughput / (1000 / expected)).toBeLessThan(1.6);
    }
  });

  test('show a stop as a stretch in which none ended', () => {
    const moments = courseOf(64, (i) => (i === 32 ? 64 : 1) * ms).moments();
    expect(moments.map(({ quantiles }) => quantiles.length)).toEqual([8, 8, 0, 8]);
    expect(moments[2]!.throughput).toBe(0);
  });

  test.each([
    ['too few calls', courseOf(63, () => ms)],
    ['a clock that stands still', courseOf(500, () => 0)],
    ['nothing', new CallCourse(0)],
  ])('are none: %s', (_, course) => {
    expect(course.moments()).toEqual([]);
  });
});

test('a round of calls hands back its course, with the long collections in it', () => {
  const clock = { now: () => nanos(0) };
  const tally = new Tally(clock);
  for (let i = 0; i < 128; i++) tally.succeeded(i * ms, (i + 1) * ms);
  const result = { ...tally.result(), components: [], clock: {} as never };
  const collections = [-1, 40, 500].map((at) => ({ at: nanos(at * ms), took: nanos(12.34 * ms) }));
  const [rates, times, ...others] = latencyCourse({ ...result, collections });
  expect(rates).toMatchObject({ metric: 'throughput', data: { kind: 'series' } });
  expect(rates!.data).toMatchObject({ marks: [{ at: 40 * ms, label: 'collection of 12.3 ms' }] });
  expect(times!.metric).toBe('response-times');
  expect((times!.data as { points: readonly unknown[] }).points).toHaveLength(64);
  expect(others).toEqual([]);
  expect(latencyCourse({ ...result, moments: [], collections })).toEqual([]);
});
