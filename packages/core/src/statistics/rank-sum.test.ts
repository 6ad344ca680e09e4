import { describe, expect, it } from 'vitest';
import { mannWhitneyCdf, rankInterval } from './rank-sum.ts';

/** Every choice of m ranks out of m + n, its U counted pair by pair. */
function byEnumeration(m: number, n: number): number[] {
  const ways = new Array<number>(m * n + 1).fill(0);
  for (let chosen = 0; chosen < 2 ** (m + n); chosen++) {
    const bits = Array.from({ length: m + n }, (_, i) => (chosen >> i) & 1);
    if (bits.filter(Boolean).length !== m) continue;
    let [unchosen, u] = [0, 0];
    for (const bit of bits) {
      if (bit) u += unchosen;
      else unchosen++;
    }
    ways[u]!++;
  }
  const total = ways.reduce((sum, way) => sum + way, 0);
  let running = 0;
  return ways.map((way) => (running += way) / total);
}

describe('mannWhitneyCdf', () => {
  it.each([
    [1, 1],
    [2, 3],
    [4, 4],
    [5, 2],
    [6, 7],
  ])('agrees with listing all orders of %d and %d', (m, n) => {
    const wanted = byEnumeration(m, n);
    mannWhitneyCdf(m, n).forEach((share, u) => expect(share).toBeCloseTo(wanted[u]!, 12));
  });

  // The tables of the paper (1947, table I), three digits.
  it.each([
    [3, 3, ['0.050', '0.100', '0.200', '0.350', '0.500', '0.650']],
    [4, 4, ['0.014', '0.029', '0.057', '0.100', '0.171', '0.243', '0.343', '0.443', '0.557']],
    [
      5,
      5,
      [
        '0.004',
        '0.008',
        '0.016',
        '0.028',
        '0.048',
        '0.075',
        '0.111',
        '0.155',
        '0.210',
        '0.274',
        '0.345',
        '0.421',
        '0.500',
      ],
    ],
  ])('agrees with the published table of %d and %d', (m, n, wanted) => {
    const cdf = mannWhitneyCdf(m, n);
    expect(cdf.slice(0, wanted.length).map((share) => share.toFixed(3))).toEqual(wanted);
  });

  it('is symmetric in its sizes and ends at 1', () => {
    expect(mannWhitneyCdf(4, 9)).toEqual(mannWhitneyCdf(9, 4));
    expect(mannWhitneyCdf(20, 20).at(-1)).toBe(1);
  });
});

describe('rankInterval', () => {
  // The standard two-sided 5 % table of critical values of U.
  it.each([
    [3, 4, undefined],
    [3, 5, 0],
    [4, 4, 0],
    [2, 8, 0],
    [5, 5, 2],
    [5, 6, 3],
    [6, 6, 5],
    [5, 10, 8],
    [7, 7, 8],
    [8, 8, 13],
    [8, 12, 22],
    [9, 9, 17],
    [10, 10, 23],
    [10, 15, 39],
    [12, 12, 37],
    [15, 15, 64],
    [20, 20, 127],
  ])('%d and %d values cut %s on each side', (m, n, cut) => {
    const interval = rankInterval(m, n, 0.95);
    expect(interval.cut).toBe(cut);
    if (cut !== undefined) expect(interval.confidence).toBeGreaterThanOrEqual(0.95);
  });

  it('says what the extremes would reach when they do not reach what was wanted', () => {
    const interval = rankInterval(3, 3, 0.95);
    expect(interval.cut).toBe(undefined);
    expect(interval.confidence).toBeCloseTo(0.9, 12);
  });

  it('takes a tail that is reached exactly: three and three at 90 %', () => {
    expect(rankInterval(3, 3, 0.9)).toEqual({ cut: 0, confidence: expect.closeTo(0.9, 12) as number });
  });

  it('says nothing without values', () => {
    expect(rankInterval(0, 10, 0.95)).toEqual({ cut: undefined, confidence: 0 });
  });

  it.each([
    [20, 21],
    [15, 27],
    [10, 41],
    [9, 60],
    [30, 30],
    [14, 30],
    [17, 25],
    [19, 22],
  ])('goes over to the normal approximation without a jump, and never cuts too much: %d and %d', (m, n) => {
    for (const [confidence, slack] of [
      [0.9, 1],
      [0.95, 1],
      [0.99, 4],
    ] as const) {
      const exact = mannWhitneyCdf(m, n).findLastIndex((share) => share <= (1 - confidence) / 2);
      const { cut } = rankInterval(m, n, confidence);
      expect(cut).toBeLessThanOrEqual(exact);
      expect(cut).toBeGreaterThanOrEqual(exact - slack);
    }
  });

  it.each([
    ['one value among four hundred', 1, 401, 9],
    ['three among three hundred', 3, 300, 156],
  ])('stays exact while one side is small: %s', (_, m, n, cut) => {
    expect(rankInterval(m, n, 0.95).cut).toBe(cut);
  });
});
