import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderLog, runStore } from '@perfkeel/baseline';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { bundleProgram, start, type Started } from './child-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leftovers = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('.')) : [];

describe('real processes', () => {
  it('that write at the same time lose nothing', async () => {
    const root = await temporaryFolder();
    const program = await bundleProgram('run-writer.ts', join(await temporaryFolder(), 'run-writer.mjs'));
    const folder = join(root, 'store');
    const names = ['P', 'Q', 'R'];
    const writers = names.map((name) => start(program, [folder, name, '6']));
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);

    const store = runStore(folderLog(folder));
    const runs = await store.listRuns();
    const wanted = names.flatMap((name) => Array.from({ length: 6 }, (_, i) => `${name}-${i}`));
    expect(runs.map(({ id }) => id).sort()).toEqual([...wanted, 'COMMON'].sort());
    const said = writers.flatMap(({ lines }) => lines).sort();
    const kept = runs.filter(({ id }) => id !== 'COMMON').map(({ sha }) => `${sha} true`);
    expect(said).toEqual(kept.sort());
    expect(await store.loadRun('R-5')).toEqual(sampleRun({ id: 'R-5', durationMs: 5 }));
    const { versions } = await store.showBaseline('main');
    const reasons = names.flatMap((name) => [0, 1, 2].map((i) => `${name}.${i}`));
    expect(versions.map(({ reason }) => reason).sort()).toEqual(reasons);
    expect(store.warnings).toEqual([]);
  });

  it('that are killed while they write leave no bad record, and what they leave is swept', async () => {
    const program = await bundleProgram('record-writer.ts', join(await temporaryFolder(), 'record-writer.mjs'));
    const root = await temporaryFolder();
    const objects = join(root, 'objects');
    const stored: string[] = [];
    // Between the look and the signal a write may come to its end: then another one is killed.
    for (let kill = 0; kill < 3 || (kill < 50 && leftovers(objects).length === 0); kill++) {
      stored.push(...(await killWhileWriting(start(program, [root]), objects)));
    }
    expect(leftovers(objects).length, 'one was killed within a write').toBeGreaterThan(0);
    const log = folderLog(root, { abandonedAfterMs: 0 });
    const keys = await log.list('objects/');
    for (const key of keys) {
      const bytes = (await log.get(key))!;
      expect(`objects/${createHash('sha256').update(bytes).digest('hex')}`).toBe(key);
    }
    expect(keys).toEqual(expect.arrayContaining(stored));
    expect(stored.length).toBeGreaterThanOrEqual(3);
    expect(leftovers(objects)).toEqual([]);
  });
});

/** Ends the writer at a moment when an unfinished file of its own is to be seen. Returns what it had stored. */
async function killWhileWriting(writer: Started, folder: string): Promise<readonly string[]> {
  while (writer.lines.length === 0) await sleep(5);
  const own = `-${writer.process.pid}-`;
  while (!leftovers(folder).some((name) => name.includes(own))) await sleep(0);
  writer.process.kill('SIGKILL');
  await writer.ended;
  return writer.lines;
}
