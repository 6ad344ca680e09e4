import { nanos } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

/** A clock that stands still but for what moves it. */
function handClock(): { now: () => ReturnType<typeof nanos>; time: number } {
  const clock = { time: 0, now: () => nanos(clock.time) };
  return clock;
}

test('progress is told at most four times a second, failures included', () => {
  const told: number[] = [];
  const tally = new Tally(handClock(), (calls) => told.push(calls));
  for (let ms = 100; ms <= 1000; ms += 100) {
    if (ms % 200 === 0) tally.failed(new Error('no'), ms * 1e6);
    else tally.succeeded((ms - 100) * 1e6, ms * 1e6);
  }
  expect(told).toEqual([3, 6, 9]);
  expect(tally.result()).toMatchObject({ calls: 10, errors: 5, throughput: 5 });
});
