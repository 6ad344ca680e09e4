import { createHistogram, nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { LoadSeries } from './load-series.ts';
import { addSparse, sparseHistogram, sparseQuantile } from './sparse-histogram.ts';
import { Tally } from './tally.ts';

const second = 1e9;

describe('a series', () => {
  it('says what happened in each interval, over all threads', () => {
    const [one, two] = [new Tally(), new Tally()];
    const series = new LoadSeries([one, two]);
    for (const tally of [one, two]) {
      tally.count('sent', 3);
      tally.count('completed');
      tally.responseTime.record(1000);
    }
    one.countFailure('reset');
    one.count('unsent');
    one.count('dropped');
    expect(series.sample(nanos(second), 0.5)).toMatchObject({ sent: 6, completed: 2, failed: 1, inFlight: 3 });
    two.count('completed');
    two.responseTime.record(9);
    const interval = series.sample(nanos(2 * second), 0.25);
    expect(interval).toMatchObject({ start: second, end: 2 * second, sent: 0, completed: 1, failed: 0, inFlight: 2 });
    expect(interval.responseTime).toEqual({ layout: 'hdr-3', count: 1, min: 9, max: 9, sum: 9, cells: [9, 1] });
    expect(series.intervals).toHaveLength(2);
  });

  it('of many hours has no more intervals than one of minutes, and has lost nothing', () => {
    const tally = new Tally();
    const series = new LoadSeries([tally]);
    const seconds = 10_000;
    for (let i = 1; i <= seconds; i++) {
      tally.count('sent', 2);
      tally.responseTime.record(i);
      series.sample(nanos(i * second), i % 2);
    }
    const { intervals } = series;
    expect(intervals.length).toBeLessThanOrEqual(512);
    expect(intervals.length).toBeGreaterThan(255);
    expect(intervals.reduce((sum, { sent }) => sum + sent, 0)).toBe(2 * seconds);
    for (const [i, { start }] of intervals.entries()) expect(start).toBe(intervals[i - 1]?.end ?? 0);
    expect(intervals.at(-1)?.end).toBe(seconds * second);
    expect(intervals[0]!.eventLoopUtilisation).toBeCloseTo(0.5, 10);
    const together = createHistogram(...intervals.map(({ responseTime }) => responseTime));
    expect(together.count).toBe(seconds);
    for (const q of [0.5, 0.9, 0.99]) {
      expect(together.quantile(q) / tally.responseTime.toHistogram().quantile(q)).toBeCloseTo(1, 2);
    }
  });
});

describe('a sparse histogram', () => {
  it('has the quantiles of a full one, within a cell', () => {
    const [full, tally] = [createHistogram(), new Tally()];
    const series = new LoadSeries([tally]);
    for (let i = 0; i < 1000; i++) {
      full.record(i ** 3);
      tally.responseTime.record(i ** 3);
    }
    const { responseTime } = series.sample(nanos(second), 0);
    for (const q of [0.001, 0.5, 0.9, 0.99]) expect(sparseQuantile(responseTime, q)).toBe(full.quantile(q));
    expect(sparseQuantile(responseTime, 1) / full.max).toBeCloseTo(1, 3);
    expect(createHistogram(responseTime).mean / full.mean).toBeCloseTo(1, 3);
  });

  it('of nothing has no quantiles, and adds nothing', () => {
    const none = sparseHistogram([]);
    const some = sparseHistogram([[5, 2]]);
    expect(sparseQuantile(none, 0.5)).toBeNaN();
    expect([addSparse(none, some), addSparse(some, none), addSparse(some, some).count]).toEqual([some, some, 4]);
  });
});
