import { expect, it } from 'vitest';
import { readingMs } from './declare-files.ts';

it.each([
  ['20 s, whatever the usual time of a round', 300_000, 20_000],
  ['no more than a round', 2500, 2500],
  ['a fifteenth of a longer one', 900_000, 60_000],
])('reading a file gets %s', (_, roundMs, expected) => {
  expect(readingMs(roundMs)).toBe(expected);
});
