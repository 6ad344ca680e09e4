import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { folderLog } from '../folder-log.ts';
import { memoryLog } from '../memory-log.ts';
import type { ObjectLog } from '../object-log.ts';
import { runStore, type RunStore } from '../run-store.ts';

const at = '2027-02-01T00:00:00.000Z';
const day = (n: number): string => `2027-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const ids = (runs: readonly { id: string }[]): string[] => runs.map(({ id }) => id);

async function storeOf(log: ObjectLog, days: readonly number[], environment = 'c0ffee00'): Promise<RunStore> {
  const store = runStore(log);
  for (const n of days) {
    await store.saveRun(
      sampleRun({ id: `RUN-${environment.slice(0, 1)}${n}`, startedAt: day(n), environment: { class: environment } }),
    );
  }
  return store;
}

describe('pruning', () => {
  it('deletes what is beyond the count and older than the day, newest first', async () => {
    const store = await storeOf(memoryLog(), [1, 2, 3, 4, 5]);
    const options = { at, keep: 2, before: day(3) };
    const rehearsed = await store.pruneRuns({ ...options, rehearse: true });
    expect(ids(rehearsed.removed)).toEqual(['RUN-c2', 'RUN-c1']);
    expect(await store.listRuns()).toHaveLength(5);
    expect(ids((await store.pruneRuns(options)).removed)).toEqual(['RUN-c2', 'RUN-c1']);
    expect(ids(await store.listRuns())).toEqual(['RUN-c5', 'RUN-c4', 'RUN-c3']);
    expect(ids((await store.pruneRuns({ at, keep: 2 })).removed)).toEqual(['RUN-c3']);
    expect((await store.pruneRuns({ at, keep: 2 })).removed).toEqual([]);
  });

  it('never takes a run that is pinned or that any version of a baseline names', async () => {
    const store = await storeOf(memoryLog(), [1, 2, 3, 4, 5]);
    await store.pinRun('RUN-c1', { at, reason: 'release 1.0' });
    await store.setBaseline('main', 'RUN-c2', { at });
    await store.setBaseline('main', 'RUN-c5', { at });
    const { removed, kept } = await store.pruneRuns({ at, keep: 1 });
    expect(ids(removed)).toEqual(['RUN-c4', 'RUN-c3']);
    expect(kept.map(({ run, why }) => [run.id, why])).toEqual([
      ['RUN-c2', 'the baseline main names it'],
      ['RUN-c1', 'it is pinned: release 1.0'],
    ]);
    await store.unpinRun('RUN-c1', { at });
    expect(await store.listPins()).toEqual([]);
    expect(ids((await store.pruneRuns({ at, keep: 1 })).removed)).toEqual(['RUN-c1']);
  });

  it('counts the runs of each environment for themselves', async () => {
    const log = memoryLog();
    await storeOf(log, [1, 2, 3]);
    const store = await storeOf(log, [4, 5, 6], 'decafbad');
    await store.pruneRuns({ at, keep: 1 });
    expect(ids(await store.listRuns())).toEqual(['RUN-d6', 'RUN-c3']);
  });

  it('that was interrupted is finished, and a run that was stored again stays', async () => {
    const log = memoryLog();
    const broken: ObjectLog = { ...log, remove: () => Promise.reject(new Error('killed')) };
    await storeOf(log, [1, 2, 3]);
    await expect(runStore(broken).pruneRuns({ at, keep: 2 })).rejects.toThrow('killed');
    const store = runStore(log);
    expect(await store.listRuns()).toHaveLength(3);
    // What is planned to go cannot be named.
    await expect(store.setBaseline('main', 'RUN-c1', { at })).rejects.toMatchObject({ code: 'run-being-deleted' });
    expect(await store.finishDeletions({ at })).toBe(0);
    // The name was written first: so the run stays, and may be named now.
    await store.setBaseline('main', 'RUN-c1', { at });
    expect(await store.listRuns()).toHaveLength(3);
    const fresh = await storeOf(memoryLog(), [1, 2]);
    await fresh.pruneRuns({ at, keep: 1 });
    await fresh.saveRun(sampleRun({ id: 'RUN-c1', startedAt: day(1) }));
    expect(await fresh.listRuns()).toHaveLength(2);
  });

  it.each([{}, { keep: 0 }, { keep: 1.5 }, { before: 'yesterday' }])(
    'needs to be told what may go: %j',
    async (options) => {
      const store = await storeOf(memoryLog(), [1]);
      await expect(store.pruneRuns({ at, ...options })).rejects.toMatchObject({ exitCode: 2 });
    },
  );
});

describe('verifying', () => {
  async function damaged(): Promise<{ root: string; indexFolder: string }> {
    const root = await temporaryFolder();
    const indexFolder = await temporaryFolder();
    const store = runStore(folderLog(root), { indexFolder });
    const [, bad] = [await store.saveRun(sampleRun({ id: 'GOOD' })), await store.saveRun(sampleRun({ id: 'BAD' }))];
    await store.setBaseline('main', 'BAD', { at });
    await store.pinRun('GOOD', { at });
    await store.listRuns();
    await truncate(join(root, 'objects', bad.sha.slice(0, 2), `${bad.sha}.json`), 100);
    await writeFile(join(root, 'notes.txt'), 'x');
    return { root, indexFolder };
  }

  it('names everything that is wrong, and changes nothing', async () => {
    const { root, indexFolder } = await damaged();
    const before = (await readdir(root, { recursive: true })).sort();
    const found = await runStore(folderLog(root), { indexFolder }).verifyStore();
    expect(found).toMatchObject({ runs: 1, baselines: 1, pins: 1 });
    expect(found.problems.map(({ code }) => code).sort()).toEqual([
      'missing-run',
      'record-left-out',
      'record-left-out',
    ]);
    expect((await readdir(root, { recursive: true })).sort()).toEqual(before);
  });

  it('and repairing sets damage aside, makes the index again and is done once', async () => {
    const { root, indexFolder } = await damaged();
    const store = runStore(folderLog(root), { indexFolder });
    const { problems } = await store.repairStore({ at });
    expect(problems.map(({ code }) => code).sort()).toEqual(['missing-run', 'record-set-aside', 'record-set-aside']);
    expect(ids(await runStore(folderLog(root), { indexFolder }).listRuns())).toEqual(['GOOD']);
    const again = await runStore(folderLog(root), { indexFolder }).verifyStore();
    expect(again.problems.map(({ code }) => code)).toEqual(['missing-run']);
    await rm(join(root, 'baselines'), { recursive: true });
    expect((await runStore(folderLog(root)).verifyStore()).problems).toEqual([]);
  });
});
