import { expect, it } from 'vitest';
import { iterationsBetween } from './explain-leak.ts';

const gigabyte = 2 ** 30;

it.each([
  ['a small leak, as many as are worth their time', 10, 2 * gigabyte, 2000],
  ['one of 8 KB, some megabytes', 8192, 2 * gigabyte, 1024],
  ['one of 1 MB, as few as tell growth from chance', 2 ** 20, 2 * gigabyte, 100],
  ['one of 8 MB, what half of the heap has room for', 2 ** 23, 2 * gigabyte, 32],
  ['one of 32 MB, none: it would run out of memory', 2 ** 25, 2 * gigabyte, 0],
  ['one of 100 ms, as many as take some seconds', 10, 2 * gigabyte, 50, 100],
  ['one of 10 s, as few as show a container', 10, 2 * gigabyte, 20, 10_000],
  ['one of 10 s and 16 MB, fewer still', 2 ** 24, 2 * gigabyte, 16, 10_000],
  ['one in a heap that is nearly full, none', 2 ** 16, 2 ** 22, 0],
])('explains %s', (_, growth, free, iterations, ms = 0) => {
  expect(iterationsBetween(growth, free, ms)).toBe(iterations);
});
