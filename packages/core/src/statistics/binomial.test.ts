import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCdf, logGamma, proportionBounds } from './binomial.ts';

describe('logGamma', () => {
  it.each([
    [0.5, 0.572364942924700087],
    [1, 0],
    [3, 0.693147180559945309],
    [10, 12.8018274800814696],
    [100, 359.134205369575399],
    [1_000_001, 12_815_518.3846581696],
  ])('at %d', (x, wanted) => {
    expect(Math.abs(logGamma(x) - wanted)).toBeLessThan(1e-13 * Math.max(10, wanted));
  });
});

describe('binomialCdf', () => {
  // Reference values: sums with 40 digits, and scipy for the three largest.
  it.each([
    [3, 10, 0.5, 0.171875],
    [0, 59, 0.95, 1.734723475976898e-77],
    [58, 59, 0.95, 0.9515054747505769],
    [2, 100, 0.01, 0.92062679774781966],
    [990, 1000, 0.99, 0.54269940782511029],
    [480, 1000, 0.5, 0.10872414660207047],
    [7, 20, 0.35, 0.60102660460316387],
    [1030, 100_000, 0.01, 0.8339024846469101],
    [999_000, 1_000_000, 0.999, 0.5042115551670037],
    [500_500, 1_000_000, 0.5, 0.8415865958480527],
  ])('%d of %d at %d', (k, n, p, wanted) => {
    expect(Math.abs(binomialCdf(k, n, p) / wanted - 1)).toBeLessThan(n > 1000 ? 1e-7 : 1e-10);
  });

  it('agrees with the plain sum', () => {
    const plainSum = (k: number, n: number, p: number): number => {
      let [mass, sum] = [(1 - p) ** n, 0];
      for (let i = 0; i <= k; i++) {
        sum += mass;
        mass *= ((n - i) / (i + 1)) * (p / (1 - p));
      }
      return sum;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, share, p) => {
          const k = Math.floor(share * n);
          expect(binomialCdf(k, n, p)).toBeCloseTo(plainSum(k, n, p), 10);
        },
      ),
    );
  });

  it.each([
    ['below every outcome', -1, 10, 0.3, 0],
    ['every outcome', 10, 10, 0.3, 1],
    ['an event that cannot happen', 3, 10, 0, 1],
    ['an event that always happens', 9, 10, 1, 0],
  ])('%s', (_, k, n, p, wanted) => {
    expect(binomialCdf(k, n, p)).toBe(wanted);
  });
});

describe('proportionBounds', () => {
  // Reference values: scipy's beta quantiles. 0.975 on each side is the usual two-sided 95 %.
  it.each([
    [0, 10, 0.975, 0, 0.3084971078187607],
    [1, 10, 0.975, 0.0025285785444617865, 0.4450161170281954],
    [5, 10, 0.975, 0.18708602844739855, 0.8129139715526015],
    [8, 10, 0.975, 0.4439045376923585, 0.9747892736731666],
    [10, 10, 0.975, 0.6915028921812392, 1],
    [10, 100, 0.975, 0.04900468922148596, 0.17622259774002266],
    [3, 1000, 0.95, 0.0008181753982218005, 0.007735244718479458],
    [0, 2995, 0.95, 0, 0.000999744420901142],
    [12, 1_000_000, 0.95, 6.924226624458787e-6, 1.9442496978462016e-5],
  ])('%d events in %d trials at %d', (events, trials, confidence, lo, hi) => {
    const bounds = proportionBounds(events, trials, confidence);
    expect(bounds.lo).toBeCloseTo(lo, 10);
    expect(bounds.hi).toBeCloseTo(hi, 10);
  });

  it('knows nothing without trials', () => {
    expect(proportionBounds(0, 0, 0.95)).toEqual({ lo: 0, hi: 1 });
  });
});
