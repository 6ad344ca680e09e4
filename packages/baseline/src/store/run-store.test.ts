import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PerfError } from '@perfkeel/core';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { folderLog } from './folder-log.ts';
import { memoryLog } from './memory-log.ts';
import { shaOf } from './records.ts';
import { encodeRun } from './run-json.ts';
import { runStore } from './run-store.ts';

const runAt = (id: string, minute = 0) =>
  sampleRun({ id, startedAt: `2027-01-31T12:${String(minute).padStart(2, '0')}:00.000Z` });
const pathOf = (root: string, sha: string): string => join(root, 'objects', sha.slice(0, 2), `${sha}.json`);
const codes = (store: { warnings: readonly { code: string }[] }): string[] => store.warnings.map(({ code }) => code);

describe('runs', () => {
  it('come back as they were stored, under the hash of their text', async () => {
    const root = await temporaryFolder();
    const run = runAt('RUN-1');
    const { sha, created } = await runStore(folderLog(root)).saveRun(run);
    expect(created).toBe(true);
    expect(sha).toBe(shaOf(new TextEncoder().encode(encodeRun(run))));
    expect(await readFile(pathOf(root, sha), 'utf8')).toBe(encodeRun(run));
    expect(await runStore(folderLog(root)).loadRun('RUN-1')).toEqual(run);
  });

  it('are stored once', async () => {
    const store = runStore(memoryLog());
    const first = await store.saveRun(runAt('RUN-1'));
    expect(await store.saveRun(runAt('RUN-1'))).toEqual({ sha: first.sha, created: false });
    expect((await store.listRuns()).length).toBe(1);
  });

  it('are listed newest first, with what a list shows', async () => {
    const store = runStore(memoryLog());
    for (const [id, minute] of [
      ['B', 1],
      ['C', 2],
      ['A', 0],
      ['D', 2],
    ] as const) {
      await store.saveRun(runAt(id, minute));
    }
    const runs = await store.listRuns();
    expect(runs.map(({ id }) => id)).toEqual(['D', 'C', 'B', 'A']);
    expect(runs[3]).toEqual({
      id: 'A',
      sha: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      startedAt: '2027-01-31T12:00:00.000Z',
      project: 'orders',
      verdict: 'pass',
      benchmarks: 1,
      environment: 'c0ffee00',
      host: 'bench-1',
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'main',
    });
  });

  it('are found by id, by hash, by the beginning of either, in any case', async () => {
    const store = runStore(memoryLog());
    const { sha } = await store.saveRun(runAt('01ABC-1'));
    await store.saveRun(runAt('01ABD-2', 1));
    for (const reference of ['01ABC-1', '01abc-1', '01ABC', ' 01abc ', sha, sha.slice(0, 12), sha.toUpperCase()]) {
      expect((await store.findRun(reference)).id).toBe('01ABC-1');
    }
  });

  it('are found by a whole id even when another begins with it', async () => {
    const store = runStore(memoryLog());
    await store.saveRun(runAt('RUN-1'));
    await store.saveRun(runAt('RUN-10', 1));
    expect((await store.findRun('RUN-1')).id).toBe('RUN-1');
  });

  it('are never guessed: what is missing or ambiguous is an error that lists the candidates', async () => {
    const store = runStore(memoryLog());
    await expect(store.loadRun('X')).rejects.toMatchObject({ code: 'run-not-found', hint: 'No run is stored here.' });
    for (let i = 0; i < 7; i++) await store.saveRun(runAt(`RUN-${i}`, i));
    await expect(store.loadRun('RUN-')).rejects.toMatchObject({
      code: 'run-ambiguous',
      exitCode: 2,
      message: '"RUN-" means 7 stored runs',
      hint: expect.stringMatching(/RUN-6 \([0-9a-f]{12}, 2027.*RUN-2 .* and 2 more\.$/) as string,
    });
    for (const reference of ['X', '', ' ', '../RUN-1', 'RUN-6/']) {
      await expect(store.loadRun(reference)).rejects.toMatchObject({
        code: 'run-not-found',
        exitCode: 2,
        hint: expect.stringContaining('RUN-6') as string,
      });
    }
  });

  it('of one id and different content are two', async () => {
    const store = runStore(memoryLog());
    await store.saveRun(runAt('RUN-1'));
    const { sha } = await store.saveRun(sampleRun({ id: 'RUN-1', durationMs: 1 }));
    await expect(store.loadRun('RUN-1')).rejects.toMatchObject({ code: 'run-ambiguous' });
    expect((await store.loadRun(sha)).durationMs).toBe(1);
  });
});

describe('damage', () => {
  async function storeWithTwo(): Promise<{ root: string; good: string; bad: string }> {
    const root = await temporaryFolder();
    const store = runStore(folderLog(root));
    const good = await store.saveRun(runAt('GOOD'));
    const bad = await store.saveRun(runAt('BAD', 1));
    return { root, good: good.sha, bad: bad.sha };
  }

  it.each([
    ['a torn file', (path: string) => truncate(path, 500)],
    ['an empty file', (path: string) => truncate(path, 0)],
    ['another run under this hash', (path: string) => writeFile(path, encodeRun(runAt('OTHER')))],
    ['binary rubbish', (path: string) => writeFile(path, Buffer.from([0, 255, 254, 0]))],
  ])('%s is set aside and named, and the rest is listed', async (_what, damage) => {
    const { root, bad } = await storeWithTwo();
    await damage(pathOf(root, bad));
    const store = runStore(folderLog(root));
    expect((await store.listRuns()).map(({ id }) => id)).toEqual(['GOOD']);
    expect(store.warnings).toEqual([
      { code: 'record-set-aside', message: expect.stringContaining(pathOf(root, bad)) as string },
    ]);
    expect(store.warnings[0]!.message).toContain(join(root, 'quarantine'));
    expect((await readdir(join(root, 'quarantine'))).length).toBe(1);
    const again = runStore(folderLog(root));
    expect((await again.listRuns()).length).toBe(1);
    expect(again.warnings).toEqual([]);
  });

  it('is repaired by storing the run again', async () => {
    const { root, bad } = await storeWithTwo();
    await truncate(pathOf(root, bad), 500);
    const store = runStore(folderLog(root));
    expect(await store.saveRun(runAt('BAD', 1))).toEqual({ sha: bad, created: true });
    expect(await store.loadRun('BAD')).toEqual(runAt('BAD', 1));
    expect(codes(store)).toEqual(['record-set-aside']);
  });

  it('that comes after listing is still found when the run is loaded', async () => {
    const { root, bad } = await storeWithTwo();
    const store = runStore(folderLog(root));
    await store.listRuns();
    await truncate(pathOf(root, bad), 500);
    await expect(store.loadRun('BAD')).rejects.toMatchObject({
      code: 'corrupt-run',
      exitCode: 4,
      hint: expect.stringContaining('quarantine') as string,
    });
  });

  it('foreign files, links and folders of links are moved away, never followed', async () => {
    const { root, good } = await storeWithTwo();
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret.json'), encodeRun(runAt('SECRET')));
    await writeFile(join(root, 'objects/notes.txt'), 'hello');
    await writeFile(join(root, 'objects', good.slice(0, 2), 'Thumbs.db'), 'x');
    const target = 'ab'.padEnd(64, '0');
    await mkdir(join(root, 'objects/ab'), { recursive: true });
    await symlink(join(outside, 'secret.json'), pathOf(root, target));
    await symlink(outside, join(root, 'objects/cd'));
    const store = runStore(folderLog(root));
    expect((await store.listRuns()).map(({ id }) => id)).toEqual(['BAD', 'GOOD']);
    expect(codes(store)).toEqual(Array<string>(4).fill('record-set-aside'));
    expect(await readdir(outside)).toEqual(['secret.json']);
  });

  it('what a newer version wrote is left where it is', async () => {
    const root = await temporaryFolder();
    const text = encodeRun(runAt('NEW')).replace('"schemaVersion": 1', '"schemaVersion": 2');
    const sha = shaOf(new TextEncoder().encode(text));
    await folderLog(root).put(`objects/${sha.slice(0, 2)}/${sha}.json`, new TextEncoder().encode(text));
    const store = runStore(folderLog(root));
    expect(await store.listRuns()).toEqual([]);
    expect(store.warnings).toEqual([
      { code: 'unreadable-run', message: expect.stringMatching(/newer perfkeel.*schema version 2/) as string },
    ]);
    expect(await readFile(pathOf(root, sha), 'utf8')).toBe(text);
  });

  it('cannot be hidden by a store that may only be read', async () => {
    const { root, bad } = await storeWithTwo();
    await truncate(pathOf(root, bad), 10);
    const log = folderLog(root);
    const readOnly = {
      ...log,
      setAside: () => Promise.reject(new PerfError('read-only', { code: 'store-not-writable' })),
    };
    const store = runStore(readOnly);
    expect((await store.listRuns()).map(({ id }) => id)).toEqual(['GOOD']);
    expect(codes(store)).toEqual(['record-left-out']);
    await expect(store.saveRun(runAt('BAD', 1))).rejects.toMatchObject({ code: 'store-not-writable', exitCode: 4 });
  });
});
