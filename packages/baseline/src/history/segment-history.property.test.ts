import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costsOf, leastDrift, leastLevel, segmentHistory, type Segment } from './segment-history.ts';

const value = fc.double({ min: -50, max: 50, noNaN: true });
const penalties = { piece: 9, slope: 7 };

/** Squared distances from the mean and from the regression line, the slow way. */
function slowCosts(ys: readonly number[]): { level: number; drift: number } {
  const n = ys.length;
  const mean = ys.reduce((sum, y) => sum + y, 0) / n;
  const middle = (n - 1) / 2;
  const slope =
    ys.reduce((sum, y, i) => sum + (i - middle) * (y - mean), 0) / ys.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return {
    level: ys.reduce((sum, y) => sum + (y - mean) ** 2, 0),
    drift: ys.reduce((sum, y, i) => sum + (y - mean - slope * (i - middle)) ** 2, 0),
  };
}

const costOf = (ys: readonly number[], segments: readonly Segment[]): number =>
  segments.reduce((sum, { from, to, shape }) => {
    const cost = slowCosts(ys.slice(from, to));
    return sum + penalties.piece + (shape === 'drift' ? penalties.slope + cost.drift : cost.level);
  }, 0);

/** The cheapest of all ways, tried one by one. */
function cheapest(ys: readonly number[], from = 0): number {
  if (from === ys.length) return 0;
  let best = Infinity;
  for (let to = from + leastLevel; to <= ys.length; to++) {
    if (to < ys.length && ys.length - to < leastLevel) continue;
    const cost = slowCosts(ys.slice(from, to));
    const here = Math.min(cost.level, to - from >= leastDrift ? penalties.slope + cost.drift : Infinity);
    best = Math.min(best, penalties.piece + here + cheapest(ys, to));
  }
  return best;
}

describe('segmentHistory', () => {
  it('covers everything without gaps, in pieces that are long enough', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 80 }), (ys) => {
        const segments = segmentHistory(ys, penalties);
        expect(segments[0]!.from).toBe(0);
        expect(segments.at(-1)!.to).toBe(ys.length);
        segments.slice(1).forEach(({ from }, i) => expect(from).toBe(segments[i]!.to));
        for (const { from, to, shape } of segments) {
          expect(to - from).toBeGreaterThanOrEqual(shape === 'drift' ? leastDrift : leastLevel);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds the cheapest of all ways', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 16 }), (ys) => {
        expect(costOf(ys, segmentHistory(ys, penalties))).toBeCloseTo(cheapest(ys), 6);
      }),
      { numRuns: 100 },
    );
  });

  it('knows every cost in constant time', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 12, maxLength: 40 }), fc.nat(8), (ys, from) => {
        const slow = slowCosts(ys.slice(from));
        expect(costsOf(ys).level(from, ys.length)).toBeCloseTo(slow.level, 6);
        expect(costsOf(ys).drift(from, ys.length)).toBeCloseTo(slow.drift, 6);
      }),
      { numRuns: 100 },
    );
  });

  it('takes what is too short as one level', () => {
    expect(segmentHistory([], penalties)).toEqual([]);
    expect(segmentHistory([1, 9], penalties)).toEqual([{ from: 0, to: 2, shape: 'level' }]);
  });
});
