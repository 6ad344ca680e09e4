import { expect, test } from 'vitest';
import { nanos, type Clock } from '@perfkeel/core';
import { calibrateClock } from './clock-calibration.ts';
import { monotonicClock } from './clock.ts';

/** A clock whose readings take `cost` and which shows whole multiples of `step`. */
function steppingClock(step: number, cost: number): Clock {
  let time = 12_345;
  return { now: () => nanos(Math.floor((time += cost) / step) * step) };
}

test.each([
  ['as fine as its readings', 50, 50, 50],
  ['finer than its readings, which then hide its steps', 1, 50, 50],
  ['of a microsecond', 1000, 50, 1000],
  ['of a millisecond', 1e6, 100, 1e6],
  ['of the fifteen milliseconds of an old system', 15.625e6, 250, 15.625e6],
])('a clock %s', (_, step, cost, granularity) => {
  const calibration = calibrateClock(steppingClock(step, cost));
  expect(calibration.granularity).toBeCloseTo(granularity, 3);
  expect(calibration.cost / cost).toBeCloseTo(1, 2);
});

test('a disturbance while it is read makes nothing larger', () => {
  let [time, reading] = [0, 0];
  const disturbed: Clock = { now: () => nanos((time += ++reading % 700 === 0 ? 5e6 : 50)) };
  expect(calibrateClock(disturbed)).toEqual({ granularity: 50, cost: 50 });
});

test('a clock that does not move by itself costs nothing and is as fine as can be', () => {
  expect(calibrateClock({ now: () => nanos(7) })).toEqual({ granularity: 0, cost: 0 });
});

test('a real clock of a millisecond is divided by whole steps', () => {
  // Rounded as a browser's would be, so that its steps are as regular as the clock below them.
  const { granularity, cost } = calibrateClock({ now: () => nanos(Math.floor(performance.now()) * 1e6) });
  expect(granularity).toBe(1e6);
  expect(cost).toBeGreaterThan(1);
  expect(cost).toBeLessThan(100_000);
});

test('the clock of this process: some tens of nanoseconds, and once', () => {
  const first = calibrateClock(monotonicClock);
  const start = performance.now();
  for (let i = 0; i < 100_000; i++) monotonicClock.now();
  const perReading = ((performance.now() - start) * 1e6) / 100_000;
  // A processor that changes its pace between the two moves both by a factor.
  expect(first.cost / perReading).toBeGreaterThan(0.1);
  expect(first.cost / perReading).toBeLessThan(10);
  expect(first.granularity).toBeGreaterThan(0);
  expect(first.granularity).toBeLessThanOrEqual(first.cost * 2);
  expect(calibrateClock(monotonicClock)).toBe(first);
});
