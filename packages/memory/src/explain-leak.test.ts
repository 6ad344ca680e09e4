import { nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { analyzeChannels } from './analysis/analyze-channels.ts';
import { capacityFor } from '../test/support/series.ts';
import { iterationsBetween, untilNextStep } from './explain-leak.ts';

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

it.each([
  ['numbers in an array, until it must have grown', 0, 259_200],
  ['records, which each snapshot shows', 104, 0],
])('waits for %s', (_, record, iterations) => {
  const samples = Array.from({ length: 48 }, (__, i) => {
    const done = 15_000 * (i + 1);
    const heap = 5e6 + record * done + 8 * capacityFor(done, 1.5);
    return { iterations: done, heap, external: 0, rss: 6e7 + heap, at: nanos(i) };
  });
  const wait = untilNextStep({ ...analyzeChannels(samples), samples });
  expect(wait).toBe(iterations);
  // What has grown by half at the first snapshot, one stretch later, does so again until the third.
  if (wait > 0) expect((720_000 + 3 * wait) / (720_000 + wait)).toBeGreaterThan(1.5);
  expect(iterationsBetween(8, 2 * gigabyte, 1e-4, wait)).toBe(iterations || 2000);
  expect(iterationsBetween(8, 2 * gigabyte, 1, wait)).toBe(iterations > 0 ? 5000 : 2000);
});
