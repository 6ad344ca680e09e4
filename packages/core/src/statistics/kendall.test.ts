import { describe, expect, it } from 'vitest';
import { kendallCdf, slopeInterval } from './kendall.ts';

function* permutations(items: readonly number[]): Generator<readonly number[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

const discordant = (order: readonly number[]): number =>
  order.reduce((sum, a, i) => sum + order.slice(i + 1).filter((b) => b < a).length, 0);

describe('kendallCdf', () => {
  it.each([1, 2, 3, 4, 6])('agrees with listing all orders of %d', (n) => {
    const all = [...permutations(Array.from({ length: n }, (_, i) => i))].map(discordant);
    kendallCdf(n).forEach((share, k) => {
      expect(share).toBeCloseTo(all.filter((inversions) => inversions <= k).length / all.length, 12);
    });
  });

  // Kendall's table of P(S >= s), from the largest S downwards.
  it.each([
    [4, ['0.042', '0.167', '0.375', '0.625']],
    [5, ['0.008', '0.042', '0.117', '0.242', '0.408', '0.592']],
  ])('agrees with the published table of %d', (n, wanted) => {
    expect(
      kendallCdf(n)
        .slice(0, wanted.length)
        .map((share) => share.toFixed(3)),
    ).toEqual(wanted);
  });

  it('has the tail of the table of 8 and 10: S = 18 and S = 23', () => {
    expect(kendallCdf(8)[5]!.toFixed(3)).toBe('0.016');
    expect(kendallCdf(10)[11]!.toFixed(3)).toBe('0.023');
  });
});

describe('slopeInterval', () => {
  it.each([
    ['nothing to connect', 1, undefined, 0],
    ['two points have one slope', 2, undefined, 0],
    ['four are too few', 4, undefined, 1 - 2 / 24],
    ['five do, with the extremes', 5, 0, 1 - 2 / 120],
    ['a tail that is reached exactly', 3, undefined, 1 - 2 / 6],
    ['ten', 10, 11, 0.9534],
  ])('%s', (_, n, cut, confidence) => {
    const interval = slopeInterval(n, 0.95);
    expect(interval.cut).toBe(cut);
    expect(interval.confidence).toBeCloseTo(confidence, 3);
  });

  it.each([41, 45, 50, 55, 60])('goes over to the normal approximation without a jump: %d', (n) => {
    for (const confidence of [0.9, 0.95, 0.99]) {
      const exact = kendallCdf(n).findLastIndex((share) => share <= (1 - confidence) / 2);
      const { cut } = slopeInterval(n, confidence);
      expect(cut).toBeLessThanOrEqual(exact);
      expect(cut).toBeGreaterThanOrEqual(exact - 1);
    }
  });
});
