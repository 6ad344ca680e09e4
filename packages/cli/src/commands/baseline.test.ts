import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderLog, runStore } from '@perfkeel/baseline';
import { sampleRun } from '@perfkeel/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { healthCommand } from './baseline-health.ts';
import { pinCommand, pruneCommand } from './baseline-retention.ts';

let folder = '';
let out = '';
let io: Io;
const shas: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perfkeel-baseline-command-'));
  out = '';
  const output = { write: (text: string) => (out += text) };
  io = { cwd: folder, env: {}, stdout: output, stderr: output, onSignal: () => undefined };
  const store = runStore(folderLog(join(folder, '.perf/store')));
  shas.length = 0;
  for (let i = 1; i <= 4; i++) {
    shas.push((await store.saveRun(sampleRun({ id: `RUN-${i}`, startedAt: `2026-01-0${i}T00:00:00.000Z` }))).sha);
  }
  await store.setBaseline('main', 'RUN-2', { at: '2026-01-05T00:00:00.000Z' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('prune says what goes and why the rest stays', async () => {
  await pinCommand('pin', 'RUN-1', { reason: 'the first' }, io);
  out = '';
  expect(await pruneCommand({ keep: 1, dryRun: true }, io)).toBe(0);
  expect(out).toBe(
    'would delete 1 run\n  RUN-3  2026-01-03\nkept 2 older runs\n  RUN-2  the baseline main names it\n  RUN-1  it is pinned: the first\n',
  );
  out = '';
  await pruneCommand({ keep: 1, olderThan: '30d' }, io);
  expect(out).toMatch(/^deleted 1 run\n/);
  await pinCommand('unpin', 'RUN-1', {}, io);
  out = '';
  await pruneCommand({ keep: 1 }, io);
  expect(out).toContain('deleted 1 run\n  RUN-1');
});

it('prune without a rule, or with a strange one, is wrong usage', async () => {
  await expect(pruneCommand({}, io)).rejects.toMatchObject({ exitCode: 2 });
  await expect(pruneCommand({ olderThan: 'a week' }, io)).rejects.toMatchObject({ exitCode: 2 });
});

it('verify fails where a record is damaged, repair sets it aside', async () => {
  expect(await healthCommand('verify', {}, io)).toBe(0);
  expect(out).toBe('4 runs, 1 baselines, 0 pins\nevery record is whole\n');
  const [sha] = shas;
  await truncate(join(folder, '.perf/store/objects', sha!.slice(0, 2), `${sha!}.json`), 9);
  out = '';
  expect(await healthCommand('verify', {}, io)).toBe(4);
  expect(out).toContain('does not hold what was written');
  expect(await healthCommand('repair', {}, io)).toBe(0);
  out = '';
  expect(await healthCommand('verify', {}, io)).toBe(0);
  expect(out).toContain('3 runs');
});
