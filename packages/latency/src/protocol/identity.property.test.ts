import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityOf } from './identity.ts';

// Few distinct leaves, so that two values are often equal or nearly.
const leaf = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', '1', 0, -0, 1, NaN, null, undefined, true, 1n),
  fc.constantFrom(1, 2).map((size) => new Uint8Array(size)),
  fc.constantFrom(1, 2).map((size) => new Int8Array(size)),
  fc.constantFrom(1, 2).map((time) => new Date(time)),
);
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('data'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('data'), { maxKeys: 2 }),
    fc.array(fc.tuple(fc.constantFrom('a', 'b'), tie('data')), { maxLength: 2 }).map((entries) => new Map(entries)),
  ),
}));

/** Node's own deep equality says the same, except that maps have no order there. */
const ordered = (value: unknown): unknown => {
  if (value instanceof Map) return ['map', [...value].map(ordered)];
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, ordered(inner)]));
};

test('two values have one identity when they are deeply equal, and only then', () => {
  let equal = 0;
  fc.assert(
    fc.property(data, data, (a, b) => {
      const same = isDeepStrictEqual(ordered(a), ordered(b));
      if (same) equal++;
      return same === (identityOf(a) === identityOf(b));
    }),
    { numRuns: 3000 },
  );
  expect(equal).toBeGreaterThan(20);
});

test('a clone has the same identity', () => {
  fc.assert(fc.property(data, (value) => identityOf(value) === identityOf(structuredClone(value))));
});
