import { describe, expect, it } from 'vitest';
import { createRng, deriveSeed, shuffled } from './rng.ts';

const take = (seed: number, size: number): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: size }, () => rng());
};

/** Pearson's statistic against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function histogramOf(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)]!++;
  return counts;
}

// The upper 0.01 % point of chi-square with 99 degrees of freedom; fixed seeds, so that this never fails by chance.
const beyondChance99 = 161.3;

describe('createRng', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(take(42, 100)).toEqual(take(42, 100));
    expect(take(42, 100)).not.toEqual(take(43, 100));
  });

  it('gives the numbers that it always gave: stored plans stay repeatable', () => {
    expect(take(1, 4)).toMatchInlineSnapshot(`
      [
        0.5636717735324055,
        0.5851113414391875,
        0.8959073920268565,
        0.9463990409858525,
      ]
    `);
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 - 1])('is uniform in [0, 1) with seed %d', (seed) => {
    const values = take(seed, 100_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(chiSquare(histogramOf(values, 100))).toBeLessThan(beyondChance99);
  });

  it('shows no pattern between neighbours', () => {
    const values = take(5, 100_000);
    const pairs = values.slice(1).map((value, i) => Math.floor(value * 10) / 10 + Math.floor(values[i]! * 10) / 100);
    expect(
      chiSquare(
        histogramOf(
          pairs.map((pair) => pair + 1e-9),
          100,
        ),
      ),
    ).toBeLessThan(beyondChance99);
  });
});

describe('deriveSeed', () => {
  it('gives every part of a plan another seed, and the same one each time', () => {
    const seeds = Array.from({ length: 10_000 }, (_, i) => deriveSeed(7, i));
    expect(new Set(seeds).size).toBe(10_000);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
    expect(deriveSeed(7, 123)).toBe(seeds[123]);
  });

  it('makes neighbours as unlike as any: first draws of 100 000 neighbouring parts are uniform', () => {
    const draws = Array.from({ length: 100_000 }, (_, i) => createRng(deriveSeed(3, i))());
    expect(chiSquare(histogramOf(draws, 100))).toBeLessThan(beyondChance99);
  });

  it('lets no two streams run along each other', () => {
    const [a, b] = [take(deriveSeed(1, 0), 20_000), take(deriveSeed(1, 1), 20_000)];
    const correlation = a.reduce((sum, value, i) => sum + (value - 0.5) * (b[i]! - 0.5), 0) / (a.length / 12);
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(a.length));
  });
});

describe('shuffled', () => {
  it('keeps every item and leaves the original alone', () => {
    const items = Object.freeze([1, 2, 3, 4, 5]);
    expect(shuffled(items, createRng(1)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(shuffled([], createRng(1))).toEqual([]);
  });

  it('gives all orders of four equally often', () => {
    const rng = createRng(11);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = shuffled(['a', 'b', 'c', 'd'], rng).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    // The upper 0.01 % point with 23 degrees of freedom.
    expect(chiSquare([...orders.values()])).toBeLessThan(56.5);
  });
});
