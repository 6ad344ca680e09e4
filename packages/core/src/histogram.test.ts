import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';
import { cellCount, cellOf, highestOf, highestValue, lowestOf } from './histogram-layout.ts';

const of = (...values: number[]) => {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

describe('the layout', () => {
  it('has no gaps: every cell begins where the one before ends', () => {
    for (let cell = 0; cell < cellCount; cell++) {
      const [lowest, highest] = [lowestOf(cell), highestOf(cell)];
      if (cellOf(lowest) !== cell || cellOf(highest) !== cell) expect([cell, lowest, highest]).toEqual('one cell');
      if (cell > 0 && highestOf(cell - 1) + 1 !== lowest) expect([cell, lowest]).toEqual('no gap');
      // 0.1 %, and exact below 2048.
      if ((highest - lowest) / Math.max(lowest, 1) > 1 / 1024) expect([cell, lowest, highest]).toEqual('narrow');
    }
  });

  it.each([
    ['nothing', 0, 0],
    ['the last with a cell of its own', 2047, 2047],
    ['the first that shares', 2048, 2048],
    ['and its neighbour', 2049, 2048],
    ['the largest', highestValue, cellCount - 1],
  ])('%s', (_, value, cell) => {
    expect(cellOf(value)).toBe(cell);
  });

  it.each([2 ** 31, 2 ** 32, 2 ** 48, 2 ** 52])('goes on by one at %d', (edge) => {
    expect(cellOf(edge)).toBe(cellOf(edge - 1) + 1);
    expect(lowestOf(cellOf(edge))).toBe(edge);
  });
});

describe('a histogram', () => {
  it('is empty at first', () => {
    const empty = createHistogram();
    expect([empty.count, empty.min, empty.max, empty.mean, empty.quantile(0.5), empty.valueAtRank(1)]).toEqual([
      0,
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
    expect(empty.toData()).toEqual({ layout: 'hdr-3', count: 0, min: 0, max: 0, sum: 0, cells: [] });
  });

  it('knows count, ends and mean exactly', () => {
    const histogram = of(3, 1_000_001, 12_345_678, 3);
    expect([histogram.count, histogram.min, histogram.max]).toEqual([4, 3, 12_345_678]);
    expect(histogram.mean).toBe((3 + 1_000_001 + 12_345_678 + 3) / 4);
  });

  it.each([
    ['fractions are cut off', 1.9, 1],
    ['below 0 counts as 0', -5, 0],
    ['no number counts as 0', NaN, 0],
    ['too large counts as the largest', Infinity, highestValue],
    ['the largest', highestValue, highestValue],
  ])('%s', (_, value, kept) => {
    expect([of(value).min, of(value).max, of(value).quantile(0.5)]).toEqual([kept, kept, kept]);
  });

  it.each([
    ['the smallest', 0, 1],
    ['the median', 0.5, 50],
    ['p55, which rounding would make 56', 0.55, 55],
    ['p99', 0.99, 99],
    ['the largest', 1, 100],
  ])('of 1 to 100: %s', (_, q, wanted) => {
    expect(of(...Array.from({ length: 100 }, (_, i) => i + 1)).quantile(q)).toBe(wanted);
  });

  it('answers with the upper end of a cell, never beyond the largest value', () => {
    const histogram = of(1_000_000, 1_000_000, 1_000_100);
    expect(histogram.valueAtRank(2)).toBe(Math.min(highestOf(cellOf(1_000_000)), 1_000_100));
    expect(histogram.quantile(1)).toBe(1_000_100);
  });

  it('adds itself and others, full and empty', () => {
    const histogram = of(1, 2);
    histogram.add(histogram);
    histogram.add(createHistogram());
    histogram.add(of(3000).toData());
    expect(histogram.toData()).toEqual(of(1, 1, 2, 2, 3000).toData());
    expect(createHistogram(of(1), of(2)).toData()).toEqual(of(1, 2).toData());
  });

  it('records without allocating', () => {
    const histogram = createHistogram();
    const record = (times: number): void => {
      for (let i = 0; i < times; i++) histogram.record(3e9 + i * 1009.5);
    };
    for (let i = 0; i < 20; i++) record(20_000);
    const grown = Array.from({ length: 31 }, () => {
      const before = getHeapStatistics().used_heap_size;
      record(10_000);
      return getHeapStatistics().used_heap_size - before;
    }).sort((a, b) => a - b);
    // One boxed number a call would be 160 KB. The middle one: a collection in between makes a few of them negative.
    expect(Math.abs(grown[15]!)).toBeLessThan(40_000);
  });
});
