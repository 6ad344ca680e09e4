import { describe, expect, it } from 'vitest';
import { distributionOf } from './distribution.ts';
import { createHistogram } from './histogram.ts';
import type { MeasurementData } from './measurement.ts';

const sample = (...values: number[]): MeasurementData => ({ kind: 'sample', values });
const histogram = (...values: number[]): MeasurementData => {
  const counted = createHistogram();
  for (const value of values) counted.record(value);
  return { kind: 'histogram', histogram: counted.toData() };
};

describe('distributionOf', () => {
  it.each([
    ['samples', sample(3, 1), sample(2, 5, 4)],
    ['histograms', histogram(3, 1), histogram(2, 5, 4)],
  ])('pools the rounds of %s', (_, a, b) => {
    const pooled = distributionOf([a, b])!;
    expect([pooled.count, pooled.mean]).toEqual([5, 3]);
    expect([1, 2, 3, 4, 5].map((rank) => pooled.valueAtRank(rank))).toEqual([1, 2, 3, 4, 5]);
    expect([0, 0.2, 0.5, 0.9, 1].map((q) => pooled.quantile(q))).toEqual([1, 1, 3, 5, 5]);
  });

  it('takes p55 of a hundred for the 55th, in samples and histograms', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(distributionOf([sample(...hundred)])!.quantile(0.55)).toBe(55);
    expect(distributionOf([histogram(...hundred)])!.quantile(0.55)).toBe(55);
  });

  it.each([
    ['a sample', sample()],
    ['a histogram', histogram()],
  ])('an empty one of %s has no values', (_, data) => {
    const empty = distributionOf([data])!;
    expect([empty.count, empty.mean, empty.quantile(0.5), empty.valueAtRank(1)]).toEqual([0, NaN, NaN, NaN]);
  });

  it('is undefined for what is no distribution', () => {
    expect(distributionOf([])).toBe(undefined);
    expect(
      distributionOf([
        { kind: 'exact', value: 1 },
        { kind: 'count', events: 0, trials: 1 },
      ]),
    ).toBe(undefined);
  });
});
