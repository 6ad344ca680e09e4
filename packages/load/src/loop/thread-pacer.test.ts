import { nanos, type Nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { timerPacer, type PacerFactory } from './pacer.ts';
import { startThreadPacer } from './thread-pacer.ts';

const now = (): Nanos => nanos(performance.now() * 1e6);

/** How late, in milliseconds, a pacer woke for each of so many times, one every `gap` milliseconds. */
async function lags(createPacer: PacerFactory, count: number, gap: number): Promise<number[]> {
  const found: number[] = [];
  const start = now();
  const due = (): Nanos => nanos(start + (found.length + 1) * gap * 1e6);
  await new Promise<void>((resolve) => {
    const pacer = createPacer(now, () => {
      while (found.length < count && due() <= now()) found.push((now() - due()) / 1e6);
      if (found.length < count) return pacer.wakeAt(due());
      pacer.stop();
      resolve();
    });
    pacer.wakeAt(due());
  });
  return found.sort((a, b) => a - b);
}

describe('a pacer', () => {
  it('on a thread wakes within a fraction of a millisecond, which timers do not', async () => {
    const thread = await lags(await startThreadPacer(), 100, 3.3);
    const timers = await lags(timerPacer, 100, 3.3);
    expect(thread[0]).toBeGreaterThanOrEqual(0);
    // Whatever else the machine does, it takes more than half of a hundred wakings to move the median.
    expect(thread[50]!).toBeLessThan(timers[50]!);
    expect(thread[50]!).toBeLessThan(1);
  });

  it('keeps the process alive, wakes for the latest wish only, and not at all once it is stopped', async () => {
    const woken: number[] = [];
    const start = now();
    const createPacer = await startThreadPacer();
    await new Promise<void>((resolve) => {
      const pacer = createPacer(now, () => {
        woken.push((now() - start) / 1e6);
        if (woken.length > 1) return;
        pacer.wakeAt(nanos(now() + 20e6));
        pacer.stop();
        resolve();
      });
      pacer.wakeAt(nanos(start + 10e9));
      pacer.wakeAt(nanos(start + 30e6));
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(woken).toHaveLength(1);
    expect(woken[0]!).toBeGreaterThan(29);
    // Not the first wish; a busy machine may take its time.
    expect(woken[0]!).toBeLessThan(9000);
  });

  it('loses no waking, however quickly one wish follows another', async () => {
    const all = await Promise.all([1, 2, 3].map(async () => lags(await startThreadPacer(), 2000, 0.12)));
    expect(all.map(({ length }) => length)).toEqual([2000, 2000, 2000]);
  });
});
