import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Acceptance } from '@perfkeel/baseline';
import { mergedAcceptances, newAcceptances, readAcceptances, writeAcceptance } from './acceptance-files.ts';

let root: string;
beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const acceptance = (id: string): Acceptance => ({ id, pattern: '*', reason: 'why', at: '2026-11-21T09:00:00.000Z' });
const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: root, encoding: 'utf8' }).trim();

it('what base has accepted accepts nothing more', async () => {
  git('init', '--quiet');
  await writeAcceptance(root, acceptance('merged'));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'merged');
  await writeAcceptance(root, acceptance('new'));
  const ids = (all: readonly Acceptance[]): string[] => all.map(({ id }) => id);
  expect(ids(await readAcceptances(root))).toEqual(['merged', 'new']);
  const before = '2026-11-20T09:00:00.000Z';
  expect(ids(await newAcceptances(root, { sha: git('rev-parse', 'HEAD'), measuredAt: before }))).toEqual(['new']);
  // Without a commit that git knows, as in a shallow clone, time decides: an old one must not let everything pass.
  for (const sha of [undefined, '0123456789'.repeat(4)]) {
    expect(ids(await newAcceptances(root, { sha, measuredAt: before }))).toEqual(['merged', 'new']);
    expect(ids(await newAcceptances(root, { sha, measuredAt: '2026-11-22T09:00:00.000Z' }))).toEqual([]);
  }
});

it('an epoch begins with the merge, and not when the acceptance was written', async () => {
  git('init', '--quiet', '--initial-branch', 'main');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('checkout', '--quiet', '-b', 'change');
  await writeAcceptance(root, acceptance('merged'));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'accepted', '--date', '2026-11-21T10:00:00Z');
  git('checkout', '--quiet', 'main');
  const at = '2026-11-28T12:00:00+02:00';
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@b', 'merge', '--quiet', '--no-ff', '-m', 'x', 'change'],
    {
      ...{ cwd: root, env: { ...process.env, GIT_COMMITTER_DATE: at } },
    },
  );
  await writeAcceptance(root, acceptance('new'));
  expect((await mergedAcceptances(root)).map(({ id, at }) => [id, at])).toEqual([
    ['merged', '2026-11-28T10:00:00.000Z'],
    ['new', '2026-11-21T09:00:00.000Z'],
  ]);
});

it('never overwrites; a damaged or renamed file is an error and not silence', async () => {
  expect(await readAcceptances(root)).toEqual([]);
  const file = await writeAcceptance(root, acceptance('one'));
  await expect(writeAcceptance(root, acceptance('one'))).rejects.toMatchObject({ code: 'not-writable' });
  renameSync(file, file.replace('one', 'two'));
  await expect(readAcceptances(root)).rejects.toMatchObject({ code: 'bad-acceptance', exitCode: 2 });
  writeFileSync(file.replace('one', 'two'), '{');
  await expect(readAcceptances(root)).rejects.toThrow('.perfkeel/accepted/two.json accepts nothing');
});
