import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRun, folderLog, runStore } from '@perfkeel/baseline';
import { sampleRun } from '@perfkeel/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Io } from '../io.ts';
import { healthCommand } from './baseline-health.ts';
import { pinCommand, pruneCommand, renameCommand } from './baseline-retention.ts';
import { listBaselines, setBaseline, showBaseline } from './baseline.ts';

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

it('a run of a file is named by what is stored of it', async () => {
  for (const id of ['RUN-1', 'ELSEWHERE']) await writeFile(join(folder, `${id}.json`), encodeRun(sampleRun({ id })));
  await expect(setBaseline('main', 'ELSEWHERE.json', {}, io)).rejects.toMatchObject({
    code: 'run-not-stored',
    hint: 'Store it first: perfkeel import perfkeel ELSEWHERE.json',
  });
  await pinCommand('pin', 'RUN-1.json', {}, io);
  expect(out).toBe('RUN-1 is pinned: it is never pruned\n');
});

it('unpinning what is not pinned says so', async () => {
  await expect(pinCommand('unpin', 'RUN-1', {}, io)).rejects.toMatchObject({ code: 'not-pinned', exitCode: 2 });
});

it('prune without a rule, or with a strange one, is wrong usage', async () => {
  await expect(pruneCommand({ keep: NaN }, io)).rejects.toThrow('--keep is not a whole number from 1');
  await expect(pruneCommand({}, io)).rejects.toMatchObject({ exitCode: 2 });
  await expect(pruneCommand({ olderThan: 'a week' }, io)).rejects.toMatchObject({ exitCode: 2 });
});

it('list shows baselines, pins, renames and the newest runs with their commits; set says when a pin goes before', async () => {
  await pinCommand('pin', 'RUN-2', { reason: 'agreed\nwith all' }, io);
  out = '';
  await setBaseline('main', 'RUN-3', {}, io);
  expect(out).toBe(
    'main is now run RUN-3 of 2026-01-03 00:00, version 2\n' +
      '  but version 1 is pinned, and comparisons take it first: perfkeel baseline unpin RUN-2\n',
  );
  out = '';
  expect(await renameCommand('parse one order', 'parse', { reason: 'shorter' }, io)).toBe(0);
  expect(out).toBe(
    'parse one order goes on as parse, in comparisons and in its history\n' +
      '  runs keep what they say; perfkeel baseline rename "parse" "parse one order" takes it back\n',
  );
  out = '';
  await listBaselines({}, io);
  expect(out.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'DAY').split('\n')).toEqual([
    'Baselines',
    '  main  RUN-3  DAY  main 0123456  2 versions',
    '',
    'Pinned runs',
    '  RUN-2  DAY  main 0123456  agreed with all',
    '',
    'Renamed benchmarks',
    '  parse one order  is now parse  shorter',
    '',
    'Newest runs',
    ...[4, 3, 2, 1].map((n) => `  RUN-${n}  DAY  pass  1 benchmark  main 0123456`),
    '',
  ]);
  out = '';
  await showBaseline('main', {}, io);
  expect(out).toMatch(/^main, newest version first\n {2}version 2 {2}RUN-3 {2}.*main 0123456\n {2}version 1 {2}RUN-2 /);
  await expect(renameCommand('pars', 'x', {}, io)).rejects.toMatchObject({ exitCode: 2, code: 'no-such-benchmark' });
});

it('verify fails where a record is damaged, repair sets it aside', async () => {
  expect(await healthCommand('verify', {}, io)).toBe(0);
  expect(out).toBe('4 runs, 1 baseline, 0 pins\nevery record is whole\n');
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
