import { expect, it } from 'vitest';
import { RoundTimes } from './round-times.ts';

it('a quick benchmark is not expected to take what a slow one takes', () => {
  const times = new RoundTimes();
  expect(times.expectedMs(['quick'])).toBe(0);
  for (let round = 0; round < 12; round++) {
    times.add('slow', 30_000);
    times.add('quick', 500);
  }
  expect(times.expectedMs(Array<string>(8).fill('quick'))).toBe(4000);
  expect(times.expectedMs(['slow', 'quick', 'new'])).toBe(30_000 + 500 + 15_250);
  expect([times.rounds, times.ms]).toEqual([24, 366_000]);
});
