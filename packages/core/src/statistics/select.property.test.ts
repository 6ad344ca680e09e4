import fc from 'fast-check';
import { expect, it } from 'vitest';
import { select } from './select.ts';

it('is what sorting would put there, ties and orders included', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.nat(), (list, at) => {
      const k = at % list.length;
      const order = Float64Array.from(list);
      const found = select(order, k);
      const sorted = Float64Array.from(list).sort();
      expect(found === sorted[k]).toBe(true);
      expect(order.slice(0, k).every((value) => value <= found)).toBe(true);
      expect(order.slice(k).every((value) => value >= found)).toBe(true);
      expect(order.sort()).toEqual(sorted);
    }),
  );
});
