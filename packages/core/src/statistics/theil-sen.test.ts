import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { theilSenSlope } from './theil-sen.ts';

const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -1000, max: 1000 }));

describe('theilSenSlope', () => {
  it("agrees with the example of Sen (1968): slope 4, with scipy's interval", () => {
    const slope = theilSenSlope([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78]);
    expect(slope.value).toBe(4);
    expect(slope.lo).toBeCloseTo(26 / 7, 12);
    expect(slope.hi).toBeCloseTo(35 / 8, 12);
    expect(slope.confidence).toBeCloseTo(0.97, 2);
  });

  it('agrees with the cloud seeding example (Hollander and Wolfe, table 9.1): slope -0.056', () => {
    const slope = theilSenSlope([1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]);
    expect(slope.value).toBeCloseTo(-0.05625, 10);
    expect([slope.lo, slope.hi]).toEqual([expect.closeTo(-0.15, 10), expect.closeTo(0.04, 10)]);
  });

  it('is the median of the slopes between all pairs', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 15 }), (points) => {
        const slopes = points
          .flatMap(([x, y], i) => points.slice(i + 1).map(([u, v]) => (v - y) / (u - x)))
          .filter(Number.isFinite)
          .sort((a, b) => a - b);
        const middle = (slopes.length - 1) / 2;
        const wanted = (slopes[Math.floor(middle)]! + slopes[Math.ceil(middle)]!) / 2;
        const { value, lo, hi } = theilSenSlope(
          points.map(([x]) => x),
          points.map(([, y]) => y),
        );
        if (slopes.length === 0) expect(value).toBe(NaN);
        else expect(value).toBeCloseTo(wanted, 9);
        if (slopes.length > 0) expect(lo <= value && value <= hi).toBe(true);
      }),
    );
  });

  it('is not moved by two points of ten that are anywhere', () => {
    const xs = Array.from({ length: 10 }, (_, i) => i);
    const ys = xs.map((x) => 3 * x + 1);
    ys[2] = 1e6;
    ys[7] = -1e6;
    expect(theilSenSlope(xs, ys).value).toBeCloseTo(3, 10);
  });

  it.each([
    ['no points', [], [], NaN],
    ['one point', [1], [5], NaN],
    ['all at one x', [2, 2, 2], [1, 2, 3], NaN],
    ['too few to bound', [1, 2, 3, 4], [2, 4, 6, 8], 2],
    ['pairs at one x only widen', [1, 1, 1, 2, 2], [0, 0, 0, 1, 1], 1],
  ])('bounds nothing with %s', (_, xs, ys, value) => {
    expect(theilSenSlope(xs, ys)).toMatchObject({ value, lo: -Infinity, hi: Infinity });
  });

  it('refuses two lengths', () => {
    expect(() => theilSenSlope([1, 2], [1])).toThrow(new RangeError('2 xs cannot go with 1 ys'));
  });
});
