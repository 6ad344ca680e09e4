import { expect, test } from 'vitest';
import { atTheFloor } from './floor.ts';

test('an operation that takes what an empty one takes is marked', () => {
  const [warning] = atTheFloor([9, 4.1, 5], 4);
  expect(warning?.code).toBe('at-the-floor');
  expect(warning?.message).toContain('4.1 ns per operation cannot be told from an empty function (4 ns here)');
});

test('an operation that clearly takes longer is not', () => {
  expect(atTheFloor([9, 7, 8], 4)).toEqual([]);
});
