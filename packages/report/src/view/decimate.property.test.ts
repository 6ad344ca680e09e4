import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimate, thin } from './decimate.ts';

const points = fc
  .array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 500 })
  .map((values) => values.map((value, i) => [i, value] as const));

test('no peak is lost, the ends stay, the order stays, and few are left', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 4, max: 60 }), (all, most) => {
      const some = decimate(all, most);
      const values = (list: readonly (readonly [number, number])[]) => list.map(([, value]) => value);
      expect(some.length).toBeLessThanOrEqual(most);
      expect(Math.max(...values(some))).toBe(Math.max(...values(all)));
      expect(Math.min(...values(some))).toBe(Math.min(...values(all)));
      expect([some[0], some.at(-1)]).toEqual([all[0], all.at(-1)]);
      for (let i = 1; i < some.length; i++) expect(some[i]![0]).toBeGreaterThan(some[i - 1]![0]);
    }),
    { numRuns: 100 },
  );
});

test('every n-th, and the last one', () => {
  expect(thin([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 3, 6]);
  expect(thin([0, 1, 2, 3], 3)).toEqual([0, 2, 3]);
  expect(thin([0, 1], 3)).toEqual([0, 1]);
});
