import { nanos } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { inTurns } from './in-turns.ts';
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

test('the argument of a call is made before the clock is read', async () => {
  const clock = handClock();
  const tally = new Tally(clock);
  const makeCall = (): void => void (clock.time += 1000);
  const run = (): void => void (clock.time += 10);
  await inTurns({ count: 3, width: 1, signal: new AbortController().signal, clock, makeCall, run }, tally);
  const { responseTime } = tally.result();
  expect([responseTime.count, responseTime.min, responseTime.max]).toEqual([3, 10, 10]);
});
