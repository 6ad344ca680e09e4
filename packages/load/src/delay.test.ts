import { nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { timerDelay } from './delay.ts';

it.each([
  [0.2e6, undefined],
  [1.5e6, undefined],
  [1.6e6, 1],
  [2.9e6, 1],
  [10e6, 9],
  [10.9e6, 9],
  [1e18, 2 ** 31 - 1],
])('before an arrival in %d ns a timer sleeps %s ms', (wait, ms) => {
  expect(timerDelay(nanos(wait), 2)).toBe(ms);
});

it('leaves a single core to the target', () => {
  expect(timerDelay(nanos(0.2e6), 1)).toBe(1);
});
