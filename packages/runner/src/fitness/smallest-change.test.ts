import { createRng, hodgesLehmannRatio } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { smallestChange } from './smallest-change.ts';

describe('the smallest change', () => {
  it('is nothing when the same work always takes the same time', () => {
    expect(smallestChange(Array.from({ length: 10 }, () => 3.5))).toBe(0);
  });

  it('is the half width of an interval of five against five: median over all 126 splits', () => {
    const rng = createRng(7);
    const times = Array.from({ length: 10 }, () => 1 + 0.1 * rng());
    // Every subset of five, as bits; each split appears twice, which does not move the median.
    const widths: number[] = [];
    for (let bits = 0; bits < 1024; bits++) {
      const chosen = (i: number): boolean => ((bits >> i) & 1) === 1;
      const base = times.filter((_, i) => chosen(i));
      if (base.length !== 5) continue;
      const { lo, hi } = hodgesLehmannRatio(
        base,
        times.filter((_, i) => !chosen(i)),
        0.95,
      );
      widths.push((hi - lo) / 2);
    }
    const ascending = widths.sort((a, b) => a - b);
    expect(ascending).toHaveLength(252);
    expect(smallestChange(times)).toBeCloseTo(ascending[126]!, 2);
    expect(smallestChange(times)).toBeGreaterThan(0.02);
    expect(smallestChange(times)).toBeLessThan(0.08);
  });

  it('does not depend on the unit, and grows with the spread', () => {
    const rng = createRng(11);
    const noise = Array.from({ length: 10 }, () => rng() - 0.5);
    const at = (spread: number, scale = 1): number => smallestChange(noise.map((x) => scale * Math.exp(spread * x)));
    expect(at(0.1, 1000)).toBeCloseTo(at(0.1), 10);
    expect(at(0.2) / at(0.1)).toBeCloseTo(2, 1);
  });
});
