import { createHistogram } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { supportedQuantiles, tailQuantile } from './percentiles.ts';
import { logBins, quantilePoints, weightedValues } from './weighted-values.ts';

function histogram(...values: readonly number[]): { kind: 'histogram'; histogram: ReturnType<typeof toData> } {
  return { kind: 'histogram', histogram: toData(values) };
}
function toData(values: readonly number[]) {
  const made = createHistogram();
  for (const value of values) made.record(value);
  return made.toData();
}

test('samples of all rounds together, in order, without what is no number', () => {
  const pooled = weightedValues([
    { kind: 'sample', values: [3, 1] },
    { kind: 'sample', values: [2, NaN] },
  ]);
  expect(pooled).toEqual({ values: [1, 2, 3], counts: [1, 1, 1], total: 3 });
});

test('histograms of all rounds together, with the same values as their quantiles', () => {
  const pooled = weightedValues([histogram(5, 5, 3000), histogram(7)]);
  expect(pooled).toEqual({ values: [5, 7, 3000], counts: [2, 1, 1], total: 4 });
});

test('nothing is undefined', () => {
  expect(weightedValues([])).toBeUndefined();
  expect(weightedValues([{ kind: 'sample', values: [] }, histogram()])).toBeUndefined();
  expect(weightedValues([{ kind: 'exact', value: 1 }])).toBeUndefined();
});

test('quantile points end at 1', () => {
  expect(quantilePoints({ values: [1, 5], counts: [3, 1], total: 4 })).toEqual([
    [0.75, 1],
    [1, 5],
  ]);
});

test('logarithmic bins hold every value once', () => {
  const { counts, from, to } = logBins({ values: [0, 1, 10, 99, 100], counts: [1, 1, 1, 1, 2], total: 6 }, 4);
  expect({ counts, from, to }).toEqual({ counts: [2, 0, 1, 3], from: 0, to: 100 });
  expect(logBins({ values: [5], counts: [9], total: 9 }, 3).counts).toEqual([0, 9, 0]);
});

test('a percentile needs a value beyond it', () => {
  expect(supportedQuantiles(1)).toEqual([]);
  expect(supportedQuantiles(10)).toEqual([0.5, 0.9]);
  expect(supportedQuantiles(100)).toEqual([0.5, 0.9, 0.95, 0.99]);
  expect(supportedQuantiles(10_000)).toHaveLength(6);
  expect([5, 50, 500].map((count) => tailQuantile({ count }))).toEqual([1, 0.9, 0.99]);
});
