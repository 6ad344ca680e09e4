import { expect, it } from 'vitest';
import { iterationsBetween } from './explain-leak.ts';

const gigabyte = 2 ** 30;

it.each([
  ['a small leak, as many as are worth their time', 10, 2 * gigabyte, 2000],
  ['one of 8 KB, some megabytes', 8192, 2 * gigabyte, 1024],
  ['one of 1 MB, as few as tell growth from chance', 2 ** 20, 2 * gigabyte, 100],
  ['one of 8 MB, what half of the heap has room for', 2 ** 23, 2 * gigabyte, 32],
  ['one of 32 MB, none: it would run out of memory', 2 ** 25, 2 * gigabyte, 0],
  ['one in a heap that is nearly full, none', 2 ** 16, 2 ** 22, 0],
])('explains %s', (_, growth, free, iterations) => {
  expect(iterationsBetween(growth, free)).toBe(iterations);
});
