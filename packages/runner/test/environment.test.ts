import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import type { Finding, Fitness } from '@perfkeel/core';
import { createRunId, readEnvironment, readProvenance } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

it('describes this machine, the same class every time', () => {
  const [first, second] = [readEnvironment({ pressureBefore: 0.05 }), readEnvironment({ pressureBefore: 0.9 })];
  expect(first.class).toMatch(/^[0-9a-f]{16}$/);
  expect(second.class).toBe(first.class);
  expect(first.node).toBe(process.versions.node);
  expect(first.warnings).toEqual([]);
  expect(second.warnings.map(({ code }) => code)).toEqual(['busy-machine']);
});

const found = (status: 'ok' | 'unfit'): Finding => ({ id: 'share', title: 'Processor share', status, value: status });
const look = (fit: boolean): Fitness => ({ fit, findings: [found(fit ? 'ok' : 'unfit')] });

it.each<[string, readonly [Fitness, Fitness?], boolean, string[]]>([
  // Pressure speaks of the last seconds, such as those of a build that is over.
  ['fit, although it was busy before', [look(true), look(true)], true, []],
  [
    'unfit at the beginning',
    [look(false), look(true)],
    false,
    ['the machine was unfit when the run began: processor share: unfit'],
  ],
  [
    'unfit at the end',
    [look(true), look(false)],
    false,
    ['the machine was unfit when the run ended: processor share: unfit'],
  ],
  [
    'unfit all the time: said once',
    [look(false), look(false)],
    false,
    ['the machine was unfit when the run began: processor share: unfit'],
  ],
  ['interrupted, and so not looked at again', [look(true)], true, []],
])('a machine that was examined: %s', (_, examined, fit, messages) => {
  const { fitness, warnings } = readEnvironment({ pressureBefore: 0.9, examined });
  expect(fitness?.fit).toBe(fit);
  expect(warnings.map(({ message }) => message)).toEqual(messages);
  expect(warnings.every(({ forbids }) => forbids === 'fail')).toBe(true);
});

it('says which commit was measured, and whether the tree had changes', async () => {
  project = createTempProject({ '.gitignore': 'node_modules\n' });
  const { root } = project;
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...words], {
      encoding: 'utf8',
    }).trim();
  expect(await readProvenance(root, 'perfkeel 1')).toEqual({ project: 'temp-project', tool: 'perfkeel 1' });
  git('init', '--quiet', '--initial-branch=trunk');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  expect(await readProvenance(root, 'perfkeel 1', 'named')).toEqual({
    project: 'named',
    tool: 'perfkeel 1',
    sha: git('rev-parse', 'HEAD'),
    branch: 'trunk',
    dirty: false,
  });
  project.write('package.json', '{}');
  expect(await readProvenance(root, 'perfkeel 1')).toMatchObject({ dirty: true });
});

it('makes run ids that sort by time and never repeat', () => {
  const ids = Array.from({ length: 200 }, (_, i) => createRunId(new Date(1_700_000_000_000 + i)));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(200);
  expect(new Set(Array.from({ length: 200 }, () => createRunId(new Date(0)))).size).toBe(200);
  expect(ids[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});
