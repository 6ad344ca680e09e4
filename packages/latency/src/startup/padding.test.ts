import { expect, test } from 'vitest';
import { environmentPadding, paddingVariable } from './padding.ts';

const lengths = (seed: number): number[] =>
  Array.from({ length: 400 }, (_, start) => environmentPadding(seed, start)[paddingVariable]!.length);

test('the same seed gives the same lengths, another one gives others', () => {
  expect(lengths(7)).toEqual(lengths(7));
  expect(lengths(8)).not.toEqual(lengths(7));
});

test('lengths cover a page evenly', () => {
  const all = lengths(1);
  expect(Math.max(...all)).toBeLessThan(4096);
  const quarters = [0, 1, 2, 3].map((quarter) => all.filter((length) => length >> 10 === quarter).length);
  // 400 in four cells: five standard deviations of 8.7 on either side of 100.
  expect(Math.min(...quarters)).toBeGreaterThan(56);
  expect(Math.max(...quarters)).toBeLessThan(144);
});
