import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRankCdf, signedRankShift, signedRankTest } from './signed-rank.ts';

// Hollander and Wolfe, "Nonparametric Statistical Methods", table 3.1: depression before and after the first session.
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const differences = after.map((value, i) => value - before[i]!);

describe('the signed rank test', () => {
  it('agrees with the published example: p = 0.0195, -0.46 with the 96 % interval (-0.786, -0.010)', () => {
    expect(signedRankTest(differences).below).toBeCloseTo(0.01953, 5);
    const shift = signedRankShift(differences, 0.95);
    expect(shift.value).toBeCloseTo(-0.46, 6);
    expect(shift.lo).toBeCloseTo(-0.786, 3);
    expect(shift.hi).toBeCloseTo(-0.01, 3);
    expect(shift.confidence).toBeCloseTo(0.9609, 4);
  });

  it.each([1, 4, 7])('counts as listing all signs of %i ranks does', (n) => {
    const counts = new Array<number>((n * (n + 1)) / 2 + 1).fill(0);
    for (let signs = 0; signs < 2 ** n; signs++) {
      let sum = 0;
      for (let rank = 1; rank <= n; rank++) if ((signs >> (rank - 1)) & 1) sum += rank;
      counts[sum]!++;
    }
    let running = 0;
    const wanted = counts.map((count) => (running += count / 2 ** n));
    signedRankCdf(n).forEach((share, t) => expect(share).toBeCloseTo(wanted[t]!, 12));
  });

  it.each([
    [5, Infinity],
    [6, 0],
  ])('of %i pairs bounds at 95 %% up to %d', (n, cut) => {
    const { hi } = signedRankShift(Array.from({ length: n }, (_, i) => i + 1));
    expect(hi).toBe(cut === Infinity ? Infinity : n - cut);
  });

  it('rejects when the interval excludes 0, and only then', () => {
    const sample = fc.uniqueArray(fc.integer({ min: -999, max: 2000 }), { minLength: 6, maxLength: 20 });
    fc.assert(
      fc.property(sample, (values) => {
        const uneven = values.map((value) => value + 0.3);
        const { lo, hi } = signedRankShift(uneven);
        const { above, below } = signedRankTest(uneven);
        expect(2 * Math.min(above, below) <= 0.05 + 1e-12).toBe(lo > 0 || hi < 0);
      }),
    );
  });

  it('says nothing about no pairs', () => {
    expect(signedRankShift([])).toMatchObject({ value: NaN, lo: -Infinity, hi: Infinity, confidence: 0 });
    expect(signedRankTest([])).toEqual({ above: 1, below: 1 });
  });
});
