import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metrics, type RoundMeasurement } from '@perfkeel/core';
import { expect, it, onTestFinished } from 'vitest';
import { writeFile } from 'node:fs/promises';
import { keepSnapshots, missedObjective, type KeepingTask } from './keep-snapshots.ts';
import { openSnapshot } from './snapshot/open-snapshot.ts';
import type { MemoryTarget } from './target/memory-target.ts';
import { snapshotText } from '../test/heap/snapshot-text.ts';

const measured = (heap: number): RoundMeasurement[] => [{ metric: 'heap', data: { kind: 'exact', value: heap } }];

/** A target that can be written down, and holds next to nothing. */
const small = {
  kind: 'attached',
  pid: 7,
  read: () => Promise.resolve({ heapUsed: 1000 }),
  writeSnapshot: (file: string) => writeFile(file, snapshotText([{ edges: [{ to: 1 }] }, { name: 'Bus', size: 40 }])),
} as unknown as MemoryTarget;

async function taskOf(parts: Partial<KeepingTask> = {}): Promise<KeepingTask & { done: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-keep-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const done: number[] = [];
  return {
    promised: { name: 'a "cache" / of orders', objectives: ['heap < 1KB'], metrics: [metrics.heap] },
    measurements: measured(5000),
    work: (calls) => {
      done.push(calls);
      return Promise.resolve(calls);
    },
    ...{
      target: small,
      clients: 1,
      round: 1,
      growth: 100_000,
      stoppedBy: undefined,
      moments: ['on-failure'],
      folder,
      done,
    },
    ...parts,
  };
}

it('knows what was missed as the run will', async () => {
  const task = await taskOf();
  expect(missedObjective(task)).toBe('heap < 1KB');
  expect(missedObjective({ ...task, measurements: measured(500) })).toBeUndefined();
  expect(missedObjective({ ...task, measurements: [] })).toBeUndefined();
});

it('writes the heap down twice when an objective was missed, and says how to compare', async () => {
  const task = await taskOf();
  const [kept] = await keepSnapshots(task);
  const files = (await readdir(task.folder)).sort();
  expect(files).toEqual(['1', '2'].map((n) => `a-cache-of-orders-2-failed-${n}.heapsnapshot.br`));
  expect(kept!.code).toBe('snapshot-kept');
  expect(kept!.message).toMatch(
    /^the heap after "heap < 1KB" was missed, twice: perfkeel heap diff \S+1\.heapsnapshot\.br \S+2\.heapsnapshot\.br --iterations 83$/,
  );
  expect(task.done.reduce((sum, calls) => sum + calls, 0)).toBe(83);
  expect((await openSnapshot(join(task.folder, files[1]!))).name(1)).toBe('Bus');
});

it('runs a whole load once between the two, and not once for every iteration', async () => {
  const task = await taskOf({ growth: 100 });
  let loads = 0;
  const [kept] = await keepSnapshots({ ...task, work: (calls) => Promise.resolve(5000 * (loads += calls)) });
  expect(loads).toBe(1);
  expect(kept!.message).toMatch(/--iterations 5000$/);
});

it('writes it down where memory ran out, and nothing where all is well', async () => {
  const near = await taskOf({ moments: ['near-limit'], stoppedBy: 'memory' });
  expect((await keepSnapshots(near))[0]!.message).toMatch(
    /^the heap as memory ran out: \S+near-limit\.heapsnapshot\.br/,
  );
  const well = await taskOf({ measurements: measured(5), moments: ['on-failure', 'near-limit'] });
  expect(await keepSnapshots(well)).toEqual([]);
  expect(await readdir(well.folder)).toEqual([]);
});

it('never fails: it says why there is none', async () => {
  const blind = { ...small, writeSnapshot: undefined } as unknown as MemoryTarget;
  const [blindly] = await keepSnapshots(await taskOf({ target: blind }));
  expect(blindly).toMatchObject({ code: 'no-snapshot' });
  expect(blindly!.message).toMatch(/nobody inside can be asked/);
  const huge = { ...small, read: () => Promise.resolve({ heapUsed: 1e12 }) } as unknown as MemoryTarget;
  const task = await taskOf({ target: huge });
  expect((await keepSnapshots(task))[0]!.message).toMatch(
    /^no snapshot was kept: a snapshot of a heap of 1 000 GB may need/,
  );
  expect(await readdir(task.folder)).toEqual([]);
});
