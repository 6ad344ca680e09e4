import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleRun } from '@perfkeel/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { folderLog } from './folder-log.ts';
import { memoryLog } from './memory-log.ts';
import type { ObjectLog } from './object-log.ts';
import { runStore, type RunStore } from './run-store.ts';

const at = '2027-01-31T12:00:00.000Z';

describe('a baseline', () => {
  let log: ObjectLog;
  let store: RunStore;

  const filled = async (records: ObjectLog): Promise<RunStore> => {
    const made = runStore(records);
    for (const id of ['RUN-1', 'RUN-2', 'RUN-3']) await made.saveRun(sampleRun({ id }));
    return made;
  };
  beforeEach(async () => {
    log = memoryLog();
    store = await filled(log);
  });

  it('stands for the run that it was set to last, and keeps its history', async () => {
    await store.setBaseline('main', 'RUN-1', { at, reason: 'first' });
    await store.setBaseline('main', 'RUN-2', { at });
    const [{ sha }] = [await store.findRun('RUN-2')];
    const main = await store.showBaseline('main');
    expect(main).toMatchObject({ name: 'main', run: 'RUN-2', sha, at, sequence: 2 });
    expect(main.versions.map(({ run, reason }) => [run, reason])).toEqual([
      ['RUN-2', undefined],
      ['RUN-1', 'first'],
    ]);
  });

  it('is listed by name, whatever the name holds', async () => {
    for (const name of ['release/1.4', 'main', 'Main', 'aux', 'größe/ü', 'deps/@scope+x']) {
      await store.setBaseline(name, 'RUN-1', { at });
    }
    const fresh = runStore(log);
    expect((await fresh.listBaselines()).map(({ name }) => name)).toEqual([
      'Main',
      'aux',
      'deps/@scope+x',
      'größe/ü',
      'main',
      'release/1.4',
    ]);
    expect(fresh.warnings).toEqual([]);
    expect(await log.list('baselines/release=2f1.4')).toHaveLength(1);
  });

  it('has one spelling: composed and decomposed letters are the same name', async () => {
    await store.setBaseline('gro\u0308\u00dfe', 'RUN-1', { at });
    expect((await store.showBaseline('gr\u00f6\u00dfe')).run).toBe('RUN-1');
  });

  it.each([
    '',
    '.',
    '..',
    '../main',
    'a/../b',
    '/main',
    'main/',
    'a//b',
    '-x',
    'a b',
    'a\\b',
    'a\nb',
    'a:b',
    'x'.repeat(101),
    'ü'.repeat(60),
    'v1.',
  ])('cannot be called %j', async (name) => {
    const problem = { code: 'bad-baseline-name', exitCode: 2 };
    await expect(store.setBaseline(name, 'RUN-1', { at })).rejects.toMatchObject(problem);
    await expect(store.showBaseline(name)).rejects.toMatchObject(problem);
    expect(await log.list('')).toHaveLength(3);
  });

  it('needs a stored run and a time', async () => {
    await expect(store.setBaseline('main', 'NONE', { at })).rejects.toMatchObject({ code: 'run-not-found' });
    await expect(store.setBaseline('main', 'RUN', { at })).rejects.toMatchObject({ code: 'run-ambiguous' });
    for (const time of ['yesterday', '', '2027-13-45T00:00:00Z']) {
      await expect(store.setBaseline('main', 'RUN-1', { at: time })).rejects.toMatchObject({ code: 'bad-time' });
    }
    expect(await store.listBaselines()).toEqual([]);
  });

  it('that is not there is an error with the names that are', async () => {
    await expect(store.showBaseline('main')).rejects.toMatchObject({
      code: 'no-baseline',
      exitCode: 2,
      hint: expect.stringContaining('perfkeel baseline set main') as string,
    });
    await store.setBaseline('main', 'RUN-1', { at });
    await store.setBaseline('release/1.4', 'RUN-1', { at });
    await expect(store.showBaseline('mian')).rejects.toMatchObject({ hint: 'There are main, release/1.4.' });
  });

  it('obeys the order of setting, not the clocks of machines', async () => {
    await store.setBaseline('main', 'RUN-1', { at: '2030-01-01T00:00:00Z' });
    await store.setBaseline('main', 'RUN-2', { at: '2020-01-01T00:00:00Z' });
    expect((await store.showBaseline('main')).run).toBe('RUN-2');
  });

  it('loses nothing to writers at the same time', async () => {
    const root = await temporaryFolder();
    await filled(folderLog(root));
    const stores = Array.from({ length: 4 }, () => runStore(folderLog(root)));
    await Promise.all(
      stores.flatMap((writer, w) =>
        Array.from({ length: 5 }, (_, i) => writer.setBaseline('main', 'RUN-1', { at, reason: `${w}.${i}` })),
      ),
    );
    const [one, other] = stores;
    const { versions } = await one!.showBaseline('main');
    expect(new Set(versions.map(({ reason }) => reason)).size).toBe(20);
    await one!.setBaseline('main', 'RUN-3', { at });
    expect((await other!.showBaseline('main')).run).toBe('RUN-3');
  });

  it('falls back to the version before a damaged one, and says so', async () => {
    const root = await temporaryFolder();
    const onDisk = await filled(folderLog(root));
    await onDisk.setBaseline('main', 'RUN-1', { at });
    await onDisk.setBaseline('main', 'RUN-2', { at });
    const folder = join(root, 'baselines/main');
    const [, newest] = (await readdir(folder)).sort();
    await truncate(join(folder, newest!), 20);
    await writeFile(join(folder, 'notes.txt'), 'x');
    const fresh = runStore(folderLog(root));
    expect((await fresh.listBaselines()).map(({ run }) => run)).toEqual(['RUN-1']);
    expect(fresh.warnings.map(({ code }) => code)).toEqual(['record-set-aside', 'record-set-aside']);
  });

  it('has versions of each environment, of which the newest of the same class is chosen', async () => {
    await store.saveRun(sampleRun({ id: 'OTHER', environment: { class: 'decafbad' } }));
    await store.setBaseline('main', 'RUN-1', { at });
    await store.setBaseline('main', 'OTHER', { at });
    expect(await store.baselineFor('main', 'c0ffee00')).toMatchObject({
      baseline: { run: 'RUN-1', environment: 'c0ffee00' },
      why: 'main, version 1, of this environment',
    });
    expect((await store.baselineFor('main', 'decafbad')).baseline.run).toBe('OTHER');
    const none = await store.baselineFor('main', 'feedbeef');
    expect(none.baseline.run).toBe('OTHER');
    expect(none.why).toContain('none was measured in an environment like this');
  });

  it('outlives its run, whose loss is an error of its own', async () => {
    await store.setBaseline('main', 'RUN-1', { at });
    for (const key of await log.list('objects')) await log.remove(key);
    const fresh = runStore(log);
    expect((await fresh.showBaseline('main')).run).toBe('RUN-1');
    await expect(fresh.loadRun('RUN-1')).rejects.toMatchObject({ code: 'run-not-found' });
  });
});
