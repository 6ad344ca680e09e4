import { cellCount, cellOf, createHistogram } from '@perfkeel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramBytes, SharedHistogram } from './shared-histogram.ts';

const fresh = (): SharedHistogram => new SharedHistogram(new SharedArrayBuffer(histogramBytes), 0);

const value = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 53 }).chain((bits) => fc.integer({ min: -2, max: 2 }).map((near) => 2 ** bits + near)),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.constantFrom(NaN, -1, -Infinity, Infinity, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE),
);

describe('a histogram on shared memory', () => {
  it('holds cell by cell what core holds', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const [shared, reference] = [fresh(), createHistogram()];
        for (const one of values) {
          shared.record(one);
          reference.record(one);
        }
        expect(shared.toData()).toEqual(reference.toData());
        expect(shared.toHistogram().quantile(0.9)).toEqual(reference.quantile(0.9));
      }),
    );
  });

  it('has the cells of core: every power of two, and both of its neighbours', () => {
    for (let bits = 0; bits <= 53; bits++) {
      for (const near of [-1, 0, 1]) {
        const value = Math.min(Math.max(2 ** bits + near, 0), Number.MAX_SAFE_INTEGER);
        const histogram = fresh();
        histogram.record(value);
        expect(histogram.cells.indexOf(1)).toBe(cellOf(value));
      }
    }
  });

  it('stands beside others on one buffer, and is read by another view of it', () => {
    const buffer = new SharedArrayBuffer(3 * histogramBytes);
    const [first, second, third] = [0, 1, 2].map((i) => new SharedHistogram(buffer, i * histogramBytes));
    second!.record(Number.MAX_SAFE_INTEGER);
    second!.record(0);
    expect([first!.count, third!.count, second!.cells.length]).toEqual([0, 0, cellCount]);
    expect(new SharedHistogram(buffer, histogramBytes).toData()).toEqual(second!.toData());
  });
});
