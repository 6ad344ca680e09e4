import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { createRunId, examineMachine, readEnvironment, readProvenance } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

it('describes this machine, the same class every time', () => {
  const [first, second] = [readEnvironment(0.05), readEnvironment(0.9)];
  expect(first.class).toMatch(/^[0-9a-f]{16}$/);
  expect(second.class).toBe(first.class);
  expect(first.node).toBe(process.versions.node);
  expect(first.warnings).toEqual([]);
  expect(second.warnings.map(({ code }) => code)).toEqual(['busy-machine']);
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

it('finds what disturbs measurements', () => {
  const findings = new Map(examineMachine().map((finding) => [finding.id, finding]));
  expect(findings.get('node')).toMatchObject({ status: 'ok', value: process.versions.node });
  expect(findings.get('clock')!.value).toMatch(/^step [\d.]+ (ns|µs), [\d.]+ (ns|µs) a reading$/);
  for (const { status, advice } of findings.values()) expect(advice === undefined).toBe(status === 'ok');
});
