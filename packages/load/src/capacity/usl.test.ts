import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitUsl, type UslPoint } from './usl.ts';

const points = (pairs: readonly (readonly [number, number])[]): UslPoint[] =>
  pairs.map(([concurrency, throughput]) => ({ concurrency, throughput }));

const law = (n: number, lambda: number, sigma: number, kappa: number): number =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));

describe('published examples', () => {
  it('SPEC SDM91 on a Sun SPARCcenter 2000, as fitted by the R package usl', () => {
    const fit = fitUsl(
      points([
        [1, 64.9],
        [18, 995.9],
        [36, 1652.4],
        [72, 1853.2],
        [108, 1828.9],
        [144, 1775],
        [216, 1702.2],
      ]),
    )!;
    expect(fit.lambda).toBeCloseTo(89.9952, 4);
    expect(fit.contention).toBeCloseTo(0.0277285, 7);
    expect(fit.coherency).toBeCloseTo(0.0001044, 7);
    expect(fit.peak.concurrency).toBeCloseTo(96.52, 2);
    expect(fit.peak.throughput).toBeCloseTo(1883.9, 1);
  });

  it('the table that the same package computed with σ = κ = 0.02, to four digits', () => {
    const fit = fitUsl(
      points([
        [1, 1],
        [2, 1.8868],
        [4, 3.0769],
        [6, 3.5294],
        [8, 3.5398],
        [10, 3.3557],
      ]),
    )!;
    expect(fit.contention).toBeCloseTo(0.02, 4);
    expect(fit.coherency).toBeCloseTo(0.02, 4);
    expect(fit.peak.concurrency).toBeCloseTo(7, 3);
    expect(fit.rSquared).toBeGreaterThan(0.999999);
  });
});

describe('what is exact', () => {
  const coefficient = (max: number): fc.Arbitrary<number> =>
    fc.oneof(fc.constant(0), fc.double({ min: max / 1e4, max, noNaN: true }));

  it('comes back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        coefficient(0.9),
        coefficient(0.05),
        (lambda, sigma, kappa) => {
          const fit = fitUsl(
            [1, 2, 4, 8, 16, 32, 64].map((n) => ({ concurrency: n, throughput: law(n, lambda, sigma, kappa) })),
          )!;
          expect(fit.lambda / lambda).toBeCloseTo(1, 5);
          expect(fit.contention).toBeCloseTo(sigma, 5);
          expect(fit.coherency).toBeCloseTo(kappa, 5);
          expect(fit.throughputAt(24) / law(24, lambda, sigma, kappa)).toBeCloseTo(1, 5);
        },
      ),
      { numRuns: 300, seed: 6 },
    );
  });

  it('is linear without contention, and bounded with it alone', () => {
    const at = [1, 2, 4, 8, 16, 32];
    const linear = fitUsl(at.map((n) => ({ concurrency: n, throughput: 5 * n })))!;
    expect(linear).toMatchObject({
      contention: 0,
      coherency: 0,
      peak: { concurrency: Infinity, throughput: Infinity },
    });
    const amdahl = fitUsl(at.map((n) => ({ concurrency: n, throughput: law(n, 100, 0.1, 0) })))!;
    expect(amdahl.peak.concurrency).toBe(Infinity);
    expect(amdahl.peak.throughput).toBeCloseTo(1000, 3);
  });
});

describe('limits', () => {
  const six = points([1, 2, 3, 4, 5, 6].map((n) => [n, n] as const));

  it('fewer than six concurrencies explain nothing', () => {
    expect(fitUsl(six)).toBeDefined();
    expect(fitUsl(six.slice(1))).toBeUndefined();
    expect(fitUsl([...six.slice(1), ...six.slice(1)])).toBeUndefined();
    expect(fitUsl([])).toBeUndefined();
    expect(fitUsl(six.map(({ concurrency }) => ({ concurrency, throughput: 0 })))).toBeUndefined();
  });

  it('no coefficient is below 0, even where more clients than the first are better than linear', () => {
    const superlinear = points([1, 2, 4, 8, 16, 32].map((n) => [n, n ** 1.2] as const));
    const fit = fitUsl(superlinear)!;
    expect(fit).toMatchObject({ contention: 0, coherency: 0 });
    expect(fit.rSquared).toBeLessThan(1);
  });

  it('a throughput that does not depend on the clients is all contention', () => {
    const flat = fitUsl(points([1, 2, 4, 8, 16, 32].map((n) => [n, 7] as const)))!;
    expect(flat.contention).toBeCloseTo(1, 6);
    expect(flat.coherency).toBeCloseTo(0, 6);
  });

  it.each([
    [0, 5],
    [-1, 5],
    [NaN, 5],
    [1, -1],
    [1, Infinity],
  ])('refuses a concurrency of %s with a throughput of %s', (concurrency, throughput) => {
    expect(() => fitUsl([...six, { concurrency, throughput }])).toThrow('cannot be fitted');
  });
});
