import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '@perfkeel/core';
import { parseCiReport, type CiReport } from '@perfkeel/report';
import { runCli, type CliResult } from '../../../tools/test-support/source-cli.ts';
import { createGitProject, timedNoun, workModule, type GitProject } from './support/git-project.ts';

let project: GitProject;
afterEach(() => project.remove());
const commit = (message: string): void => project.commit(message);
const create = (files: Record<string, string>): string => (project = createGitProject(files)).root;

const measured = {
  'noun.ts': timedNoun,
  'src/work.ts': workModule(20_000),
  'work.perf.ts': [
    "import { timed } from './noun.ts'; import { work } from './src/work.ts';",
    "timed('render | @page', () => work(), { both: true });",
  ].join('\n'),
  'other.perf.ts': "import { timed } from './noun.ts';\ntimed('other', () => 1);",
};

const ci = (words: string[] = [], env: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['ci', '--rounds', '6', ...words], project.root, { TMPDIR: project.temporary, ...env });
const read = (name: string): string => readFileSync(join(project.root, 'perf-out', name), 'utf8');
const report = (): CiReport => parseCiReport(read('comparison.json'), 'comparison.json');

const patience = 90_000;

describe('perfkeel ci', { timeout: patience }, () => {
  it('a pull request that is slower: what was accepted passes, the rest fails, in every file', async () => {
    const root = create(measured);
    writeFileSync(join(root, 'src/work.ts'), workModule(80_000));
    const accepted = await runCli(['accept', 'render | @page time *', '--reason', 'it reads comments now'], root);
    expect(accepted.stdout).toMatch(/wrote \.perfkeel\/accepted\/\d{4}-\d\d-\d\d-render-page-time-[0-9a-f]{6}\.json/);
    expect(accepted.code).toBe(0);
    commit('slower');
    const summary = join(project.temporary, 'summary.md');
    const result = await ci(['--sarif'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_BASE_REF: 'main',
      GITHUB_WORKSPACE: root,
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(result.stderr).toMatch(
      /GitHub pull request: comparing [0-9a-f]{7} with [0-9a-f]{7}, where this branch left main/,
    );
    const [one] = report().projects;
    const outcomes = one!.rows.map(({ metric, decision, verdict, acceptance }) => [
      ...[metric, decision, verdict],
      acceptance?.state,
    ]);
    expect(outcomes).toContainEqual(['time', 'accepted', 'pass', 'accepted']);
    expect(outcomes).toContainEqual(['response-time', 'regressed', 'fail', undefined]);
    expect(read('report.md')).toMatch(
      /^<!-- perfkeel:v1:main -->\n\n### ❌ perf: 1 regression to look at · 1 accepted/,
    );
    expect(read('report.md')).toContain('it reads comments now');
    expect(read('report.md')).toContain('| ❌ | render \\| @\u200bpage p');
    expect(readFileSync(summary, 'utf8')).toBe(read('report.md'));
    expect(read('junit.xml')).toMatch(/<testsuite name="temp-project" tests="2" failures="1" errors="0" skipped="0">/);
    expect((JSON.parse(read('perf.sarif')) as { runs: { results: unknown[] }[] }).runs[0]!.results).toHaveLength(1);
    expect(read('report.md')).toContain('What ran, and why: 1 of 2 perf files');
    expect(read('junit.xml')).toContain('<testcase classname="temp-project" name="other.perf.ts">');
    expect((JSON.parse(read('runs/temp-project/run.json')) as Run).plan.selection).toEqual([
      { file: 'other.perf.ts', decision: 'skip', why: 'no changed input' },
      { file: 'work.perf.ts', decision: 'run', why: 'because src/work.ts -> temp-project' },
    ]);
    expect(result.stdout).toMatch(/^::error file=work\.perf\.ts,line=2::render \| @page p\d+: \+/m);
    expect(result.code).toBe(1);
  });

  it('a budget that ends several projects is proposed once, for all of them', async () => {
    const inPackage = "import { timed } from '../../noun.ts'; import { work } from '../../src/work.ts';\n";
    const perfFile = (name: string): string => `${inPackage}timed('${name}', () => work());`;
    const names = ['one', 'two'];
    create({
      ...measured,
      ...Object.fromEntries(
        names.flatMap((name) => [
          [`packages/${name}/package.json`, JSON.stringify({ name })],
          [`packages/${name}/${name}.perf.ts`, perfFile(name)],
        ]),
      ),
    });
    project.write('src/work.ts', workModule(80_000));
    commit('slower');
    const { stderr, code } = await ci(['--budget', '1s', '--project', ...names]);
    const said = /The budget of 1s for all projects was spent: --budget \d+[ms] would be about enough\./;
    expect(stderr).toMatch(said);
    expect(read('report.md')).toMatch(said);
    expect(stderr.match(/--budget/g)).toHaveLength(1);
    const needs = report().projects.flatMap(({ rows }) => rows.map((row) => row.needs));
    for (const need of needs) expect(need).toMatch(/its part of the budget, 1 s, was spent$/);
    expect(code).toBe(3);
  });

  it('nothing affected is green and says so; nothing to measure is not', async () => {
    const root = create(measured);
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs/guide.md'), 'words');
    commit('words');
    const result = await ci();
    expect(result.stderr).toMatch(
      /git local: comparing .* where this branch left main[\s\S]*skip     temp-project: no changed input[\s\S]*nothing was affected/,
    );
    expect(read('report.md')).toMatch(/nothing that is measured was affected/);
    expect(result.code).toBe(0);
    for (const name of ['work', 'other']) rmSync(join(root, `${name}.perf.ts`));
    const none = await ci();
    expect(none.stderr).toMatch(/nothing ran: no project/);
    expect(read('report.md')).toMatch(/⛔ perf: nothing ran/);
    expect(read('junit.xml')).toMatch(/errors="1"/);
    expect(none.code).toBe(4);
  });
});
