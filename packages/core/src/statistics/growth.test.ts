import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../rng.ts';
import { fitGrowth, type GrowthLaw } from './growth.ts';

const cost: Record<GrowthLaw, (n: number) => number> = {
  constant: () => 300,
  'log n': (n) => 20 + 30 * Math.log2(n),
  n: (n) => 500 + 3 * n,
  'n log n': (n) => 2 * n * Math.log2(n),
  'n^2': (n) => 100 + 0.5 * n * n,
  'n^3': (n) => 0.01 * n ** 3,
};
const sizes = [16, 64, 256, 1024, 4096];
const laws = Object.keys(cost) as GrowthLaw[];

describe('the law of growth', () => {
  it.each(laws)('exact numbers of %s are recognised', (law) => {
    const fit = fitGrowth(sizes.map((size) => ({ size, cost: cost[law](size) })));
    expect(fit?.law).toBe(law);
    expect(fit!.error).toBeLessThan(1e-9);
  });

  it.each(laws)('%s is recognised through 2 % of noise in 5 rounds', (law) => {
    const rng = createRng(7);
    const points = Array.from({ length: 5 }, () =>
      sizes.map((size) => ({ size, cost: cost[law](size) * (1 + 0.04 * (rng() - 0.5)) })),
    ).flat();
    expect(fitGrowth(points)?.law).toBe(law);
  });

  it('the exponent is the slope on logarithmic axes', () => {
    const fit = fitGrowth([10, 100, 1000].map((size) => ({ size, cost: 4 * size ** 1.5 })));
    expect(fit!.exponent.value).toBeCloseTo(1.5, 9);
  });

  it.each(laws)('three sizes in one round are enough for exact numbers of %s', (law) => {
    expect(fitGrowth([16, 256, 4096].map((size) => ({ size, cost: cost[law](size) })))?.law).toBe(law);
  });

  it('few sizes or close ones get an exponent and no name', () => {
    expect(fitGrowth([1, 100].map((size) => ({ size, cost: size })))?.law).toBeUndefined();
    expect(fitGrowth([10, 11, 12].map((size) => ({ size, cost: size })))?.law).toBeUndefined();
  });

  it('one size, or a cost of nothing, says nothing', () => {
    expect(fitGrowth([{ size: 5, cost: 1 }])).toBeUndefined();
    expect(fitGrowth([1, 2, 30].map((size) => ({ size, cost: size - 1 })))).toBeUndefined();
  });

  it('is none where the costs differ by their rounding only, in any unit', () => {
    const costs = [1.0000000000000004, 1.0000000000000002, 1.0000025021322723, 1.0000000010716696, 1];
    const points = [20, 19, 144, 21, 18].map((size, i) => ({ size, cost: costs[i]! }));
    expect(fitGrowth(points)?.law).toBe('constant');
    expect(fitGrowth(points.map(({ size, cost }) => ({ size, cost: cost * 1024 })).reverse())?.law).toBe('constant');
  });

  it('neither the unit of the cost nor the order of points matters', () => {
    const points = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 1e6 }), cost: fc.double({ min: 1, max: 1e9, noNaN: true }) }),
      { minLength: 3, maxLength: 12 },
    );
    fc.assert(
      fc.property(points, (some) => {
        const fit = fitGrowth(some);
        const other = fitGrowth(some.map((point) => ({ ...point, cost: point.cost * 1024 })).reverse());
        expect(other?.law).toBe(fit?.law);
        if (fit?.error !== undefined) expect(other!.error).toBeCloseTo(fit.error, 6);
      }),
    );
  });
});
