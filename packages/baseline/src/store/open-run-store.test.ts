import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { isRemoteStore, openLog, openRunStore } from './open-run-store.ts';

describe('the place of a store', () => {
  it.each([
    ['.perf', false],
    ['C:\\perf', false],
    ['/var/perf:x', false],
    ['git:origin', true],
    ['git+branch:origin', true],
    ['postgres://host/db', true],
    ['s3://bucket/prefix', true],
  ])('%s is remote: %s', (store, remote) => {
    expect(isRemoteStore(store)).toBe(remote);
  });

  it.each(['gti:origin', 'https://host/x', 'mongodb://host'])('%s is a mistake', (store) => {
    expect(() => isRemoteStore(store)).toThrow(/no store of the kind/);
  });

  it('is shown without a password', () => {
    const log = openLog({ folder: '.', location: 'postgres://me:secret@host:5433/perf' });
    expect(log.place('objects/a')).toBe('postgres://host:5433/perf perfkeel.record objects/a');
  });

  it('in a folder keeps records and index beside each other', async () => {
    const folder = await temporaryFolder();
    await openRunStore({ folder }).saveRun(sampleRun());
    expect(await openRunStore({ folder }).listRuns()).toHaveLength(1);
    expect((await readdir(folder)).sort()).toEqual(['index', 'store']);
  });

  it('lets its caller stand between the store and the records', async () => {
    const folder = await temporaryFolder();
    const written: string[] = [];
    const store = openRunStore({ folder }, (log) => ({
      ...log,
      put: (key, bytes) => (written.push(key), log.put(key, bytes)),
    }));
    await store.saveRun(sampleRun());
    expect(written).not.toEqual([]);
    expect(await openRunStore({ folder }).listRuns()).toHaveLength(1);
  });

  it('on a git remote is shared by clones', async () => {
    const root = await temporaryFolder();
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: root });
    git('init', '--quiet', '--bare', 'remote.git');
    const stores = ['a', 'b'].map((name) => {
      git('init', '--quiet', name);
      git('-C', name, 'remote', 'add', 'origin', join(root, 'remote.git'));
      return openRunStore({ folder: join(root, name), location: 'git:origin' });
    });
    const run = sampleRun({ id: 'SHARED' });
    await stores[0]!.saveRun(run);
    await stores[0]!.setBaseline('main', 'SHARED', { at: '2027-01-31T12:00:00Z' });
    expect(await stores[1]!.loadRun('SHARED')).toEqual(run);
    expect((await stores[1]!.showBaseline('main')).run).toBe('SHARED');
    expect(stores[1]!.warnings).toEqual([]);
  });
});
