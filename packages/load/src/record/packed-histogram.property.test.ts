import { cellCount, createHistogram } from '@perfkeel/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packHistogram, unpackHistogram } from './packed-histogram.ts';
import { addSparse, sparseHistogram, sparseQuantile } from './sparse-histogram.ts';

const histograms = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: cellCount - 1 }), fc.integer({ min: 1, max: 2 ** 40 })), {
    selector: ([cell]) => cell,
    maxLength: 60,
  })
  .map((cells) => sparseHistogram(cells.sort(([a], [b]) => a - b)));

it('a packed histogram has all counts, each within 0.4 % of its value, and packs no further', () => {
  fc.assert(
    fc.property(histograms, fc.double({ min: 0.01, max: 1, noNaN: true }), (data, q) => {
      const unpacked = unpackHistogram(packHistogram(data));
      expect(unpacked.count).toBe(data.count);
      expect(unpackHistogram(packHistogram(unpacked))).toEqual(unpacked);
      if (data.count === 0) return;
      const [packed, exact] = [sparseQuantile(unpacked, q), sparseQuantile(data, q)];
      expect(Math.abs(packed - exact)).toBeLessThanOrEqual(0.005 * exact);
    }),
  );
});

it('values below two microseconds are kept as they are', () => {
  const histogram = createHistogram();
  for (let i = 0; i < 2048; i++) histogram.record(i);
  const unpacked = unpackHistogram(packHistogram(histogram.toData()));
  expect(unpacked.cells).toEqual(histogram.toData().cells);
});

it('sparse histograms add up as full ones do', () => {
  fc.assert(
    fc.property(histograms, histograms, (a, b) => {
      expect(addSparse(a, b).cells).toEqual(createHistogram(a, b).toData().cells);
    }),
  );
});
