import { describe, expect, it } from 'vitest';
import { quantileRanks, samplesForUpperBound } from './order-statistic.ts';

/** P(X <= k), summed term by term. */
function cdf(k: number, n: number, q: number): number {
  let [mass, sum] = [(1 - q) ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += mass;
    mass *= ((n - i) / (i + 1)) * (q / (1 - q));
  }
  return sum;
}

/** Tries every rank: the first whose order statistic is above the quantile, the last that is below. */
function bySearch(n: number, q: number, confidence: number): { lo: number | undefined; hi: number | undefined } {
  const ranks = Array.from({ length: n }, (_, i) => i + 1);
  return {
    hi: ranks.find((rank) => cdf(rank - 1, n, q) >= confidence),
    lo: ranks.findLast((rank) => 1 - cdf(rank - 1, n, q) >= confidence),
  };
}

describe('quantileRanks', () => {
  it('agrees with trying every rank', () => {
    for (const q of [0.05, 0.25, 0.5, 0.9, 0.95]) {
      for (const confidence of [0.9, 0.95, 0.99]) {
        for (let n = 1; n <= 80; n++) {
          const got = quantileRanks(n, q, confidence);
          expect({ n, q, confidence, ...got }).toEqual({ n, q, confidence, ...bySearch(n, q, confidence) });
        }
      }
    }
  });

  it.each([
    ['p95: 58 samples do not bound it', 58, 0.95, undefined],
    ['p95: 59 do, by the largest', 59, 0.95, 59],
    ['p99: 298 do not', 298, 0.99, undefined],
    ['p99: 299 do', 299, 0.99, 299],
    ['the median: 4 do not', 4, 0.5, undefined],
    ['the median: 5 do', 5, 0.5, 5],
    ['p99 of many: the 996th of 1000', 1000, 0.99, 996],
    ['nothing bounds nothing', 0, 0.5, undefined],
  ])('%s', (_, n, q, hi) => {
    expect(quantileRanks(n, q, 0.95).hi).toBe(hi);
  });

  it('is its own mirror image', () => {
    for (let n = 1; n <= 400; n += 7) {
      const { lo } = quantileRanks(n, 0.1, 0.95);
      const { hi } = quantileRanks(n, 0.9, 0.95);
      expect(lo).toBe(hi === undefined ? undefined : n + 1 - hi);
    }
  });
});

describe('samplesForUpperBound', () => {
  it.each([
    ['p50', 0.5, 0.95, 5],
    ['p90', 0.9, 0.95, 29],
    ['p95', 0.95, 0.95, 59],
    ['p99', 0.99, 0.95, 299],
    ['p99.9', 0.999, 0.95, 2995],
    ['p99 at 99 %', 0.99, 0.99, 459],
    ['a low quantile', 0.01, 0.95, 1],
    ['the smallest value', 0, 0.95, 1],
    ['the largest that could ever be', 1, 0.95, Infinity],
  ])('%s', (_, q, confidence, wanted) => {
    expect(samplesForUpperBound(q, confidence)).toBe(wanted);
  });

  it('is the smallest sample that quantileRanks accepts', () => {
    for (const q of [0.1, 0.5, 0.75, 0.9, 0.95, 0.99]) {
      const needed = samplesForUpperBound(q, 0.95);
      expect(quantileRanks(needed, q, 0.95).hi).toBe(needed);
      if (needed > 1) expect(quantileRanks(needed - 1, q, 0.95).hi).toBe(undefined);
    }
  });
});
