import { expect, test } from 'vitest';
import { longestOf } from './long-collection.ts';
import { nanos } from './units.ts';

test('of many the longest are kept, in the order of time', () => {
  const all = Array.from({ length: 40 }, (_, i) => ({ at: nanos(i), took: nanos((i * 7) % 40) }));
  const kept = longestOf(all);
  expect(kept).toHaveLength(16);
  expect(Math.min(...kept.map(({ took }) => took))).toBe(24);
  expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((a, b) => a - b));
});
