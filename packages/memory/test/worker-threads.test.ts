import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { attachTo, describeLeak, detectLeak, startChild, thisProcess, type MemoryTarget } from '../src/index.ts';
import { Cleanup, fixture } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const megabytes = 2 ** 20;
const opened = <T extends MemoryTarget>(target: T): T => cleanup.add(target, (each) => each.close());
const threadsOf = async (target: MemoryTarget): Promise<number> => (await target.collect()).threads ?? NaN;

/** A thread that waits for a pipe to be opened: no code of it runs meanwhile. */
class SilentWorker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'perfkeel-silent-'));
  readonly #pipe = join(this.#folder, 'pipe');
  readonly #worker: Worker;
  #woken: Promise<void> | undefined;
  readonly online: Promise<unknown>;

  /** Code that runs before the silence, and behind it. */
  constructor(before = '', behind = '') {
    execFileSync('mkfifo', [this.#pipe]);
    const online = `require('node:worker_threads').parentPort.postMessage('online')`;
    const silence = `require('node:fs').readFileSync(${JSON.stringify(this.#pipe)})`;
    this.#worker = new Worker([before, online, silence, behind].join(';'), { eval: true });
    this.online = once(this.#worker, 'message');
  }

  /** May be called again, as all of these. */
  wake(): Promise<void> {
    return (this.#woken ??= writeFile(this.#pipe, ''));
  }

  async release(): Promise<void> {
    await this.wake();
    await this.#worker.terminate();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

describe('the heaps of worker threads', { timeout: 120_000 }, () => {
  it('of a child and of an attached program are told after a collection, those of threads in threads too', async () => {
    const child = opened(
      await startChild({ module: fixture('with-workers.cjs'), ready: /online/, startTimeout: '60s' }),
    );
    const guest = await attachTo({ pid: child.pid });
    const targets = [child, guest];
    // Threads take a while to begin, and the engine in them.
    let last = NaN;
    const moved = async (): Promise<number> => Math.abs(last - (last = await threadsOf(child)));
    for (const target of targets) await expect.poll(async () => (await target.collect()).silentThreads).toBe(undefined);
    await expect.poll(moved, { timeout: 60_000 }).toBeLessThan(megabytes / 20);
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

  it.each([
    ['sleeps', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    ['never rests', 'for (;;) globalThis.kept[0] += 1'],
  ])('are told of a thread that %s, too', async (_, code) => {
    const target = opened(thisProcess());
    const { threads: before = 0 } = await target.collect();
    const kept = `globalThis.kept = new Array(2 ** 20).fill(1.5)`;
    const worker = new Worker(`${kept}; ${code}`, { eval: true });
    cleanup.add(worker, (each) => each.terminate());
    await expect.poll(async () => (await threadsOf(target)) - before).toBeGreaterThan(8 * megabytes);
    expect((await target.collect()).silentThreads).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')(
    'say how many threads are silent, because the system blocks them',
    async () => {
      const target = opened(thisProcess());
      const worker = cleanup.add(new SilentWorker(), (each) => each.release());
      await expect.poll(async () => (await target.collect()).silentThreads).toBe(1);
      await worker.release();
      await expect.poll(async () => (await target.collect()).silentThreads).toBeUndefined();
    },
  );

  it.runIf(process.platform !== 'win32')(
    'are told of one that was silent, too, as soon as it is not, however long a collection takes',
    async () => {
      const target = opened(thisProcess());
      // Far more than the 20 ms that are left to one that is silent.
      const before = 'globalThis.kept = Array.from({ length: 600_000 }, (_, i) => ({ i, a: { i } }))';
      const silent = new SilentWorker(before, 'setInterval(() => undefined, 1000)');
      cleanup.add(silent, (each) => each.release());
      await silent.online;
      expect((await target.collect()).silentThreads).toBe(1);
      await silent.wake();
      await expect.poll(async () => (await target.collect()).silentThreads).toBeUndefined();
      expect(await threadsOf(target)).toBeGreaterThan(32 * megabytes);
    },
  );
});

describe('a leak in worker threads', { timeout: 120_000 }, () => {
  it('is found where the thread sleeps whenever it is asked', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const code = `
      const { workerData: shared } = require('node:worker_threads');
      const kept = [];
      for (let done = 0; ; ) {
        Atomics.wait(shared, 0, done);
        for (const until = Atomics.load(shared, 0); done < until; done++) kept.push(new Array(126).fill(done));
        Atomics.store(shared, 1, done);
        Atomics.notify(shared, 1);
      }`;
    const worker = new Worker(code, { eval: true, workerData: shared });
    cleanup.add(worker, (each) => each.terminate());
    worker.unref();
    await once(worker, 'online');
    const iterate = async (): Promise<void> => {
      const before = Atomics.add(shared, 0, 8);
      Atomics.notify(shared, 0);
      for (let seen = before; seen < before + 8; seen = Atomics.load(shared, 1)) await new Promise(setImmediate);
    };
    const report = await detectLeak({ iterate, duration: '500ms', samples: 40 });
    expect(report).toMatchObject({ verdict: 'leak', channels: { threads: { verdict: 'leak' } } });
    expect(report.perIteration.value / 8).toBeCloseTo(1056, -2);
  });

  it.runIf(process.platform !== 'win32')('is left open where a thread never answers', async () => {
    await cleanup.add(new SilentWorker(), (each) => each.release()).online;
    const report = await detectLeak({ iterate: () => undefined, duration: '100ms', samples: 16 });
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      reason: 'silent',
      channels: { heap: { verdict: 'stable' } },
    });
    expect(report.perIteration.hi).toBe(Infinity);
    expect(describeLeak(report)).toBe('there are worker threads that did not answer: what they keep is not known');
  });
});
