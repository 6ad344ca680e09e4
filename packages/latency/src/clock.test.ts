import { expect, test, vi } from 'vitest';
import { monotonicClock } from './clock.ts';

test('it counts nanoseconds at the pace of the system clock', () => {
  const [systemStart, start] = [process.hrtime.bigint(), monotonicClock.now()];
  while (process.hrtime.bigint() - systemStart < 20_000_000n);
  const [end, systemEnd] = [monotonicClock.now(), process.hrtime.bigint()];
  expect(end - start).toBeGreaterThanOrEqual(20e6);
  expect(end - start).toBeLessThanOrEqual(Number(systemEnd - systemStart));
});

test('it never goes back', () => {
  let last = monotonicClock.now();
  for (let i = 0; i < 10_000; i++) {
    const now = monotonicClock.now();
    expect(now >= last).toBe(true);
    last = now;
  }
});

test('it goes on when the measured code replaces what others read', () => {
  const replaced = vi.spyOn(performance, 'now').mockReturnValue(0);
  expect(monotonicClock.now()).toBeGreaterThan(0);
  replaced.mockRestore();
});
