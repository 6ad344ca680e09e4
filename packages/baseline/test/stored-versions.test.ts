import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { memoryLog, readHistory, runStore, type ObjectLog } from '@perfkeel/baseline';
import { describe, expect, it } from 'vitest';

/** A record as a version of the schema wrote it: these files are never changed, and every later reader reads them. */
const stored = (name: string): Promise<Buffer> => readFile(new URL(`fixtures/records/${name}.json`, import.meta.url));
const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const newer = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString().replace(/"schemaVersion": \d+/, '"schemaVersion": 99'));

async function put(log: ObjectLog, bytes: Uint8Array, keyOf: (sha: string) => string): Promise<void> {
  await log.put(keyOf(shaOf(bytes)), bytes);
}

describe('records of every version ever written', () => {
  it('are read: runs 1, baselines 1 and 2, pins 1', async () => {
    const log = memoryLog();
    const run = await stored('run.v1');
    await put(log, run, (sha) => `objects/${sha.slice(0, 2)}/${sha}.json`);
    await put(log, await stored('baseline.v1'), (sha) => `baselines/main/00000001-${sha}.json`);
    await put(log, await stored('baseline.v2'), (sha) => `baselines/main/00000002-${sha}.json`);
    await put(log, await stored('pin.v1'), (sha) => `pins/${shaOf(run)}/00000001-${sha}.json`);
    const store = runStore(log);
    expect((await store.loadRun('FIXTURE-1')).measurements).toHaveLength(2);
    const { versions } = await store.showBaseline('main');
    expect(versions.map(({ reason, environment }) => [reason, environment])).toEqual([
      ['second', 'c0ffee00'],
      ['first', undefined],
    ]);
    expect((await store.listPins()).map((pin) => pin.run)).toEqual(['FIXTURE-1']);
    expect((await store.verifyStore()).problems).toEqual([]);
  });

  it('are read: deletions 1 and what takes a pin back', async () => {
    const log = memoryLog();
    const run = await stored('run.v1');
    await put(log, run, (sha) => `objects/${sha.slice(0, 2)}/${sha}.json`);
    await put(log, await stored('pin.v1'), (sha) => `pins/${shaOf(run)}/00000001-${sha}.json`);
    await put(log, await stored('unpin.v1'), (sha) => `pins/${shaOf(run)}/00000002-${sha}.json`);
    await put(log, await stored('deletion-plan.v1'), (sha) => `deletions/${sha}.json`);
    const store = runStore(log);
    expect(await store.listPins()).toEqual([]);
    const at = '2027-02-03T00:00:00Z';
    await expect(store.setBaseline('main', 'FIXTURE-1', { at })).rejects.toMatchObject({ code: 'run-being-deleted' });
    await put(log, await stored('deletion-done.v1'), (sha) => `deletions/${sha}.json`);
    expect((await store.setBaseline('main', 'FIXTURE-1', { at })).sequence).toBe(2);
    expect(store.warnings).toEqual([]);
  });

  it('runs of before benchmarks said what they do go on in those of after, under the name of now', async () => {
    const log = memoryLog();
    for (const name of ['run.v1', 'run.v1-identity']) {
      await put(log, await stored(name), (sha) => `objects/${sha.slice(0, 2)}/${sha}.json`);
    }
    await put(log, await stored('rename.v1'), (sha) => `renames/${sha}.json`);
    const store = runStore(log);
    expect((await store.listRenames()).map(({ from, to, by }) => [from, to, by])).toEqual([
      ['parse', 'read', 'declaration'],
      ['read', 'read order', 'record'],
    ]);
    const { series, inventories } = await readHistory(store);
    const found = series.map(({ key, points }) => [key.benchmark, key.version, points.map(({ run }) => run)]);
    expect(found).toEqual([['read order', 'c'.repeat(12), ['FIXTURE-1', 'FIXTURE-2']]]);
    expect(inventories).toEqual([{ project: 'orders', benchmarks: ['read', 'write'], unread: ['more.perf.ts'] }]);
    expect((await store.verifyStore()).problems).toEqual([]);
  });

  it('newer ones are named, left where they are, and hide nothing', async () => {
    const log = memoryLog();
    const run = await stored('run.v1');
    await put(log, run, (sha) => `objects/${sha.slice(0, 2)}/${sha}.json`);
    await put(log, newer(run), (sha) => `objects/${sha.slice(0, 2)}/${sha}.json`);
    await put(log, await stored('baseline.v2'), (sha) => `baselines/main/00000002-${sha}.json`);
    await put(log, newer(await stored('baseline.v2')), (sha) => `baselines/main/00000003-${sha}.json`);
    await put(log, newer(await stored('rename.v1')), (sha) => `renames/${sha}.json`);
    await put(log, newer(await stored('pin.v1')), (sha) => `pins/${shaOf(run)}/00000001-${sha}.json`);
    const before = await log.list('');
    const { runs, baselines, pins, problems } = await runStore(log).repairStore({ at: '2027-02-01T00:00:00Z' });
    expect({ runs, baselines, pins }).toEqual({ runs: 1, baselines: 1, pins: 0 });
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'newer-baseline',
      'newer-record',
      'newer-record',
      'unreadable-run',
    ]);
    expect(await log.list('')).toEqual(before);
  });
});
