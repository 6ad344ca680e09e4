import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmannShift } from './hodges-lehmann.ts';
import { rankTest } from './rank-test.ts';

// Hollander and Wolfe, "Nonparametric Statistical Methods", table 4.1 and example 4.1: P(W >= 30 of 5) = 0.1272.
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];
const distinct = fc.uniqueArray(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 8, maxLength: 24 });

describe('rankTest', () => {
  it('agrees with the published example', () => {
    const { larger, smaller, either } = rankTest(atTerm, earlier);
    expect(smaller).toBeCloseTo(0.1272, 4);
    expect(either).toBeCloseTo(0.2544, 4);
    expect(larger).toBeGreaterThan(0.8);
  });

  it.each([
    [3, 0.05],
    [6, 1 / 924],
    [10, 1 / 184_756],
  ])('of %i and %i values without overlap is one of all orders', (size, p) => {
    const base = Array.from({ length: size }, (_, i) => i);
    const head = base.map((value) => value + 100);
    expect(rankTest(base, head)).toMatchObject({ larger: expect.closeTo(p, 10) as number, smaller: 1 });
    expect(rankTest(head, base)).toMatchObject({ smaller: expect.closeTo(p, 10) as number, larger: 1 });
  });

  it('finds nothing in equal values, nor without values', () => {
    expect(rankTest([1, 1, 1], [1, 1, 1, 1]).either).toBe(1);
    expect(rankTest([], [1, 2])).toEqual({ larger: 1, smaller: 1, either: 1 });
  });

  it('rejects when the interval of the shift excludes 0, and only then', () => {
    fc.assert(
      fc.property(distinct, fc.integer({ min: 0, max: 1e6 }), fc.nat(), (values, by, seed) => {
        const base = values.filter((_, i) => (i + seed) % 2 === 0);
        const head = values.filter((_, i) => (i + seed) % 2 === 1).map((value) => value + by + 0.5);
        const { lo, hi } = hodgesLehmannShift(base, head, 0.95);
        expect(rankTest(base, head).either <= 0.05 + 1e-12).toBe(lo > 0 || hi < 0);
      }),
    );
  });
});
