import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianAbsoluteDeviation, quantile, rankOf, sorted } from './quantile.ts';

describe('quantile (type 7 of Hyndman and Fan)', () => {
  const sample = sorted([2.3, 1.1, 9.9, 4.2, 4.2, 7.7, 0.5]);
  // Reference values: numpy.quantile.
  it.each([
    [0, 0.5],
    [0.1, 0.86],
    [0.25, 1.7],
    [0.5, 4.2],
    [0.61, 4.2],
    [0.9, 8.58],
    [1, 9.9],
  ])('at %d', (q, wanted) => {
    expect(quantile(sample, q)).toBeCloseTo(wanted, 12);
  });

  it('of nothing is not a number, and of one value that value', () => {
    expect(quantile([], 0.5)).toBe(NaN);
    expect(quantile([7], 0.3)).toBe(7);
  });

  it('does not make infinities into something else', () => {
    expect(quantile([1, Infinity, Infinity], 0.5)).toBe(Infinity);
    expect(quantile([1, 2, Infinity], 0.5)).toBe(2);
  });

  it('never decreases in q and stays between the ends', () => {
    const q = fc.double({ min: 0, max: 1, noNaN: true });
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, q, q, (sample, a, b) => {
        const ascending = sorted(sample);
        const [low, high] = [quantile(ascending, Math.min(a, b)), quantile(ascending, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high + 1e-6);
        expect(low).toBeGreaterThanOrEqual(ascending[0]! - 1e-6);
        expect(high).toBeLessThanOrEqual(ascending.at(-1)! + 1e-6);
      }),
    );
  });
});

describe('sorted', () => {
  it.each([
    ['numbers by value, not by text', [10, 9, -1, 100], [-1, 9, 10, 100]],
    ['what is no number last', [NaN, 2, Infinity, 1], [1, 2, Infinity, NaN]],
    ['nothing', [], []],
  ])('%s', (_, values, wanted) => {
    const copy = [...values];
    expect(sorted(values)).toEqual(wanted);
    expect(values).toEqual(copy);
  });
});

describe('rankOf', () => {
  it.each([
    ['products that rounding lifts above a whole number', 0.07, 100, 7],
    ['and again', 0.55, 100, 55],
    ['p99.9 of a thousand is the 999th', 0.999, 1000, 999],
    ['also when it was divided by 100', 99.9 / 100, 1000, 999],
    ['between ranks the upper', 0.5, 5, 3],
    ['the first', 0, 10, 1],
    ['the last', 1, 10, 10],
    ['just above a rank', 0.900_000_1, 10, 10],
  ])('%s', (_, q, n, wanted) => {
    expect(rankOf(q, n)).toBe(wanted);
  });

  it('is exact for every whole percentage of every size up to 2000', () => {
    for (let n = 1; n <= 2000; n++) {
      for (let percent = 1; percent <= 100; percent++) {
        const wanted = Math.floor((percent * n + 99) / 100);
        if (rankOf(percent / 100, n) !== wanted)
          expect([percent, n, rankOf(percent / 100, n)]).toEqual([percent, n, wanted]);
      }
    }
  });
});

describe('median and medianAbsoluteDeviation', () => {
  it.each([
    ['odd', [3, 1, 2], 2, 1],
    ['even', [4, 1, 3, 2], 2.5, 1],
    ['one value far away moves neither', [1, 2, 3, 4, 1e9], 3, 1],
    ['all equal', [5, 5, 5], 5, 0],
    ['nothing', [], NaN, NaN],
  ])('%s', (_, values, centre, deviation) => {
    expect(median(values)).toBe(centre);
    expect(medianAbsoluteDeviation(values)).toBe(deviation);
  });
});
