import { expect, test } from 'vitest';
import { extentOf, greatestOf } from './extent.ts';

test('the ends of more numbers than a call takes as arguments', () => {
  const many = Array.from({ length: 500_000 }, (_, i) => Math.abs(i - 1000));
  expect(extentOf(many)).toEqual([0, 498_999]);
  expect(greatestOf(many)).toBe(498_999);
});

test('the ends of few', () => {
  expect(extentOf([])).toEqual([Infinity, -Infinity]);
  expect(extentOf([3])).toEqual([3, 3]);
  expect(greatestOf([], 2)).toBe(2);
  expect(greatestOf([1, 5], 2)).toBe(5);
});
