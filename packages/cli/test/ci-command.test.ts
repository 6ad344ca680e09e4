import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCiReport, type CiReport } from '@perfkeel/report';
import { runCli, type CliResult } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

const noun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export function timed(name: string, run: () => number) {
  return declare({
    name, kind: 'bench', metrics: [metrics.responseTime, metrics.timePerOperation], primary: 'response-time',
    quantiles: true, comparedBy: ['response-time', 'time'],
    ...commonParts({}, { rounds: 4 }), location: callSite(timed as never),
    instrument: async () => {
      const values = [];
      for (let i = 0; i < 100; i++) {
        const began = performance.now();
        (globalThis as any).sink = run();
        values.push((performance.now() - began) * 1e6);
      }
      const data = { kind: 'sample', values };
      return { measurements: [{ metric: 'response-time', data }, { metric: 'time', data }] };
    },
  });
}`;
const work = (loops: number): string =>
  `export function work(): number { let sum = 0; for (let i = 0; i < ${loops}; i++) sum += Math.sqrt(i); return sum; }`;

let project: TempProject;
let temporary: string;
beforeEach(() => (temporary = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')))));
afterEach(() => {
  project.remove();
  rmSync(temporary, { recursive: true, force: true });
});

const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
    cwd: project.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const commit = (message: string): void => {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
};

function create(files: Record<string, string>): string {
  project = createTempProject({ '.gitignore': 'node_modules\n.perf\nperf-out\n', ...files });
  git('init', '--quiet', '--initial-branch', 'main');
  commit('first');
  git('checkout', '--quiet', '-b', 'change');
  return project.root;
}

const measured = {
  'noun.ts': noun,
  'src/work.ts': work(20_000),
  'work.perf.ts': [
    "import { timed } from './noun.ts'; import { work } from './src/work.ts';",
    "timed('render | @page', () => work());",
  ].join('\n'),
};

const ci = (words: string[] = [], env: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['ci', '--rounds', '6', ...words], project.root, { TMPDIR: temporary, ...env });
const read = (name: string): string => readFileSync(join(project.root, 'perf-out', name), 'utf8');
const report = (): CiReport => parseCiReport(read('comparison.json'), 'comparison.json');

const patience = 90_000;

describe('perfkeel ci', { timeout: patience }, () => {
  it('a pull request that is slower: what was accepted passes, the rest fails, in every file', async () => {
    const root = create(measured);
    writeFileSync(join(root, 'src/work.ts'), work(80_000));
    const accepted = await runCli(['accept', 'render | @page time *', '--reason', 'it reads comments now'], root);
    expect(accepted.stdout).toMatch(/wrote \.perfkeel\/accepted\/\d{4}-\d\d-\d\d-render-page-time-[0-9a-f]{6}\.json/);
    expect(accepted.code).toBe(0);
    commit('slower');
    const summary = join(temporary, 'summary.md');
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
    expect(existsSync(join(root, 'perf-out/runs/temp-project/run.json'))).toBe(true);
    expect(result.stdout).toMatch(/^::error file=work\.perf\.ts,line=2::render \| @page p\d+: \+/m);
    expect(result.code).toBe(1);
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
    rmSync(join(root, 'work.perf.ts'));
    const none = await ci();
    expect(none.stderr).toMatch(/nothing ran: no project/);
    expect(read('report.md')).toMatch(/⛔ perf: nothing ran/);
    expect(read('junit.xml')).toMatch(/errors="1"/);
    expect(none.code).toBe(4);
  });
});
