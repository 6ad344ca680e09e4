import { expect, test } from 'vitest';
import { median } from '@perfkeel/core';
import { monotonicClock } from '../clock.ts';
import { measureLatency } from './measure-latency.ts';

/** Busy until so many nanoseconds have passed; what it took by its own reading of the clock. */
function busyWait(duration: number): number {
  const start = monotonicClock.now();
  let now: number;
  do now = monotonicClock.now();
  while (now - start < duration);
  return now - start;
}

// Each call says how long it was busy. Whatever another program takes from this one is in both numbers.
test.each([
  ['50 µs', 50e3, 2000],
  ['1 ms', 1e6, 200],
  ['20 ms', 20e6, 21],
])('a busy wait of %s is measured with an error of its median below 1 %%', async (_what, duration, samples) => {
  const waited: number[] = [];
  const run = (): void => void waited.push(busyWait(duration));
  const warmup = Math.ceil(samples / 4);
  const { responseTime } = await measureLatency({ run, samples, warmup });
  const timed = median(waited.slice(warmup));
  // The histogram keeps a value within 0.1 %.
  expect(responseTime.quantile(0.5) / timed).toBeGreaterThan(0.999);
  expect(responseTime.quantile(0.5) / timed).toBeLessThan(1.01);
});

test('an operation as short as the steps of the clock is told to be so', async () => {
  const { warnings, clock } = await measureLatency({ run: () => 1, samples: 500 });
  expect(warnings.map(({ code }) => code)).toEqual(['clock-coarse']);
  expect(warnings[0]?.message).toMatch(
    /^the median of \S+ \S+ is less than 100 steps of the clock, which are .* bench$/,
  );
  expect(clock.cost).toBeGreaterThan(0);
});

test('on a clock of a millisecond a call of twenty is too short', async () => {
  const coarse = { now: () => (Math.floor(performance.now()) * 1e6) as ReturnType<typeof monotonicClock.now> };
  const run = (): unknown => busyWait(20e6);
  const { warnings, clock } = await measureLatency({ run, samples: 3, warmup: 0 }, { clock: coarse });
  expect(clock.granularity).toBe(1e6);
  expect(warnings.map(({ code }) => code)).toEqual(['clock-coarse']);
});
