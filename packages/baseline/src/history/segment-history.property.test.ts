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

/** Every last piece of every beginning, looked at in order: of equal ones the longest, a level before a drift. */
function everyPiece(ys: readonly number[], { piece, slope }: typeof penalties): Segment[] {
  const costs = costsOf(ys);
  const best: { cost: number; last?: Segment }[] = [{ cost: 0 }];
  for (let to = 1; to <= ys.length; to++) {
    best.push({ cost: Infinity });
    for (let from = 0; from <= to - leastLevel; from++) {
      const before = best[from]!.cost + piece;
      const drift = to - from < leastDrift ? Infinity : before + slope + costs.drift(from, to);
      const pieces = [
        { cost: before + costs.level(from, to), last: { from, to, shape: 'level' } },
        { cost: drift, last: { from, to, shape: 'drift' } },
      ] as const;
      for (const each of pieces) if (each.cost < best[to]!.cost) best[to] = each;
    }
  }
  const segments: Segment[] = [];
  for (let at = ys.length; at > 0; at = segments[0]!.from) segments.unshift(best[at]!.last!);
  return segments;
}

/** Whole numbers make many pieces that cost the same; the others are a level, a line and a jump of any size. */
const historyOf = (kind: 'whole' | 'real'): fc.Arbitrary<readonly number[]> => {
  const noise = kind === 'whole' ? fc.integer({ min: -2, max: 2 }) : fc.double({ min: -3, max: 3, noNaN: true });
  const stretch = fc.record({
    noise: fc.array(noise, { minLength: 1, maxLength: 60 }),
    level: kind === 'whole' ? fc.integer({ min: 0, max: 8 }) : fc.double({ min: 0, max: 1e6, noNaN: true }),
    slope: kind === 'whole' ? fc.constant(0) : fc.double({ min: -2, max: 2, noNaN: true }),
  });
  return fc
    .array(stretch, { minLength: 1, maxLength: 5 })
    .map((all) => all.flatMap(({ noise, level, slope }) => noise.map((each, i) => level + slope * i + each)))
    .filter(({ length }) => length >= leastLevel);
};

describe('segmentHistory', () => {
  it.each(['whole', 'real'] as const)(
    'leaves out nothing that a look at every piece would find: %s numbers',
    (kind) => {
      fc.assert(
        fc.property(historyOf(kind), fc.constantFrom(penalties, { piece: 17, slope: 17 }), (ys, costs) => {
          expect(segmentHistory(ys, costs)).toEqual(everyPiece(ys, costs));
        }),
        { numRuns: 150 },
      );
    },
  );

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
