import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { courseMarks } from './course-marks.ts';
import { planProfile } from './profile/load-profile.ts';
import type { LoadInterval } from './record/load-series.ts';
import { sparseHistogram } from './record/sparse-histogram.ts';

const second = 1e9;

/** Seconds of a run: what each completed, what failed in it, and what was under way at its end. */
const seriesOf = (...seconds: readonly (readonly [completed: number, failed: number, inFlight?: number])[]) =>
  seconds.map(([completed, failed, inFlight = 0], at): LoadInterval => ({
    start: nanos(at * second),
    end: nanos((at + 1) * second),
    ...{ sent: completed + failed, completed, failed, inFlight, eventLoopUtilisation: 0 },
    responseTime: sparseHistogram([]),
    scheduleLag: sparseHistogram([]),
  }));

const { phases } = planProfile({ rate: '10/s', for: '3s', warmup: '1s' });
const told = (...parameters: Parameters<typeof courseMarks>): readonly string[] =>
  courseMarks(...parameters).map(({ at, label }) => `${at / second} s: ${label}`);

describe('what happened in a run', () => {
  it('is in the order of time, whatever it is', () => {
    const series = seriesOf([10, 0], [9, 0, 4], [0, 0, 14], [0, 0, 24], [30, 4], [10, 1], [10, 0], [7, 3], [10, 0]);
    const collections = [{ at: nanos(7.5 * second), took: nanos(12.3e6) }];
    expect(told(series, phases, collections)).toEqual([
      '1 s: warm-up ends',
      '2 s: no answer for 2 s',
      '4 s: 5 failed',
      '7 s: 3 failed',
      '7.5 s: collection of 12.3 ms',
    ]);
  });

  it('who has just begun to wait, or waits while others are answered, is no silence', () => {
    expect(told(seriesOf([9, 0], [0, 0, 1], [2, 0, 1], [0, 0, 0], [9, 0]), phases.slice(1))).toEqual([]);
  });

  it('is what was worst, where too much happened', () => {
    const series = seriesOf(...Array.from({ length: 60 }, (_, i) => [9, i % 2 === 0 ? 0 : i] as const));
    expect(told(series, phases.slice(1))).toEqual([45, 47, 49, 51, 53, 55, 57, 59].map((n) => `${n} s: ${n} failed`));
  });

  it('before the start and behind the end there is nothing', () => {
    const collections = [-1, 5].map((at) => ({ at: nanos(at * second), took: nanos(9e6) }));
    expect(told(seriesOf([9, 0], [9, 0], [9, 0]), phases.slice(1), collections)).toEqual([]);
  });
});
