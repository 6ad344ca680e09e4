import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { HealthWatch } from './generator-health.ts';
import { pressureTime, processorTimes, threadTimes } from './system-times.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const spin = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
};

describe.runIf(existsSync('/proc/thread-self/schedstat'))('what the kernel knows of this thread', () => {
  it('is how long it ran: as long as it was busy, and hardly while it slept', async () => {
    const before = threadTimes()!;
    spin(100);
    const busy = threadTimes()!;
    await sleep(200);
    const idle = threadTimes()!;
    // On a full machine a part of the time was waiting for a processor, or belonged to another machine altogether.
    expect(busy.ran - before.ran + (busy.waited - before.waited)).toBeGreaterThan(30e6);
    expect(idle.ran - busy.ran).toBeLessThan(busy.ran - before.ran + (busy.waited - before.waited));
    expect(idle.turns).toBeGreaterThan(busy.turns);
  });

  it('is there for the whole machine, and only grows', async () => {
    const before = pressureTime()!;
    await sleep(20);
    expect(pressureTime()!).toBeGreaterThanOrEqual(before);
  });
});

describe('the processors', () => {
  it('are busy while this thread is', () => {
    const before = processorTimes();
    spin(200);
    const after = processorTimes();
    const busy = after.all - after.idle - (before.all - before.idle);
    expect(busy / (after.all - before.all)).toBeGreaterThan(0.5 / cpus().length);
    expect(after.idle).toBeGreaterThanOrEqual(before.idle);
  });
});

describe('the health of the generator', () => {
  it('is that of the window, not of what lies before or behind', async () => {
    const watch = new HealthWatch({ start: nanos(100e6), end: nanos(400e6) });
    spin(90);
    await sleep(400);
    spin(100);
    const { eventLoopUtilisation, runQueueWait = 0, pressure = 0, idle } = watch.stop();
    expect(eventLoopUtilisation).toBeLessThan(0.3);
    for (const share of [eventLoopUtilisation, runQueueWait, pressure, idle]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it('of a window that was cut short is that of what there was', async () => {
    const watch = new HealthWatch({ start: nanos(0), end: nanos(3600e9) });
    await sleep(20);
    spin(100);
    expect(watch.stop().eventLoopUtilisation).toBeGreaterThan(0.5);
    expect(watch.stop()).toBe(watch.stop());
  });
});
