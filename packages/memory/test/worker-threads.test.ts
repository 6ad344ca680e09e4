import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { attachTo, startChild, thisProcess, type MemoryTarget } from '../src/index.ts';
import { Cleanup, fixture } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const megabytes = 2 ** 20;
const opened = <T extends MemoryTarget>(target: T): T => cleanup.add(target, (each) => each.close());
const threadsOf = async (target: MemoryTarget): Promise<number> => (await target.collect()).threads ?? NaN;

describe('the heaps of worker threads', { timeout: 120_000 }, () => {
  it('of a child and of an attached program are told after a collection, those of threads in threads too', async () => {
    const child = opened(
      await startChild({ module: fixture('with-workers.cjs'), ready: /online/, startTimeout: '60s' }),
    );
    const guest = await attachTo({ pid: child.pid });
    const targets = [child, guest];
    const [before, here] = [await Promise.all(targets.map(threadsOf)), await child.collect()];
    process.kill(child.pid, 'SIGUSR2');
    for (const [i, target] of targets.entries()) {
      const grown = async (): Promise<number> => ((await threadsOf(target)) - before[i]!) / megabytes;
      await expect.poll(grown, { timeout: 60_000 }).toBeCloseTo(10, 0);
    }
    expect(Math.abs((await child.collect()).heapData! - here.heapData!)).toBeLessThan(megabytes / 4);
    expect((await child.read()).threads).toBeUndefined();
    await guest.close();
    expect(await threadsOf(child)).toBeGreaterThan(10 * megabytes);
  });

  it('of this process are told while they live, and those that ended are no longer counted', async () => {
    const target = opened(thisProcess());
    const { threads: before = 0 } = await target.collect();
    const worker = new Worker('setInterval(() => undefined, 1000); globalThis.kept = new Array(2 ** 20).fill(1.5)', {
      eval: true,
    });
    cleanup.add(worker, (each) => each.terminate());
    await expect.poll(async () => (await threadsOf(target)) - before).toBeGreaterThan(8 * megabytes);
    await worker.terminate();
    await expect.poll(async () => ((await target.collect()).threads ?? 0) - before).toBeLessThan(megabytes);
  });
});
