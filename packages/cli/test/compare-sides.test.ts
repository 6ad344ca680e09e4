import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComparisonReport } from '@perfkeel/core';
import { runCli, startCli, type CliResult } from '../../../tools/test-support/source-cli.ts';
import { eventually } from '../../../tools/test-support/temp-project.ts';
import { createGitProject, timedNoun, workModule, type GitProject } from './support/git-project.ts';
import { said } from './support/said.ts';

let project: GitProject;
afterEach(() => project.remove());
const git = (...words: string[]): string => project.git(...words);
const commit = (message: string): void => project.commit(message);

/** A repository whose `main` has the files, and whose branch `change` is checked out. */
function create(files: Record<string, string> = {}): string {
  project = createGitProject({
    'noun.ts': timedNoun,
    'src/work.ts': workModule(20_000),
    'src/other.ts': 'export const other = (): number => Math.sqrt(Date.now());',
    'work.perf.ts':
      "import { timed } from './noun.ts'; import { work } from './src/work.ts';\ntimed('work', () => work());",
    ...files,
  });
  return project.root;
}

const compare = (words: string[], cwd = project.root): Promise<CliResult> =>
  runCli(['compare', '--against', 'main', '--rounds', '6', ...words], cwd, { TMPDIR: project.temporary });
const comparisonOf = ({ stdout }: CliResult): ComparisonReport =>
  (JSON.parse(stdout) as { comparison: ComparisonReport }).comparison;
const worktrees = (): number => git('worktree', 'list').trim().split('\n').length;

/** Many fresh processes, on a machine that may be busy. */
const patience = 90_000;

describe('perfkeel compare --against', { timeout: patience }, () => {
  it('flags a function that got slower, twice measured, and leaves nothing behind', async () => {
    const root = create({
      'same.perf.ts':
        "import { timed } from './noun.ts'; import { other } from './src/other.ts';\ntimed('same', () => other());",
    });
    writeFileSync(join(root, 'src/work.ts'), workModule(80_000));
    commit('slower');
    // Not committed: head is the working tree.
    writeFileSync(join(root, 'README.md'), 'words');
    const result = await compare(['--verbose']);
    expect(result.stderr).toMatch(/base is [0-9a-f]{7}: main, which this branch contains/);
    expect(result.stderr).toMatch(/12 rounds[\s\S]*24 rounds/);
    expect(result.stdout).toMatch(/FAIL[\s\S]*work[\s\S]*\+\d+/);
    expect(result.stdout).toMatch(/identical/);
    expect(result.code).toBe(1);
    expect(worktrees()).toBe(1);
    expect(readdirSync(project.temporary)).toEqual([]);
    expect(readFileSync(join(root, '.perf/latest/report.md'), 'utf8')).toMatch(/work/);
    expect(existsSync(join(root, '.perf/latest/report.html'))).toBe(true);
    // The runs of both sides.
    expect((await said(['baseline', 'list'], root)).stdout.match(/1 benchmark /g)).toHaveLength(2);
  });

  it('measures nothing when only prose, tests and comments changed', async () => {
    const root = create();
    mkdirSync(join(root, 'docs'));
    writeFileSync(join(root, 'docs/guide.md'), 'words');
    writeFileSync(join(root, 'src/work.ts'), `// explained\n${workModule(20_000)}`);
    writeFileSync(join(root, 'src/work.test.ts'), 'test()');
    const result = await compare(['--json']);
    const { comparisons, warnings, verdict } = comparisonOf(result);
    expect(comparisons).toMatchObject([{ benchmark: 'work', decision: 'identical', base: [], head: [] }]);
    expect(warnings).toEqual([]);
    expect(verdict).toMatchObject({ kind: 'pass' });
    expect(result.stderr).not.toMatch(/round/);
    expect(result.code).toBe(0);
    // How to do it again, from where it was done, without a path that only this machine has.
    const again = await compare([join(root, 'work.perf.ts'), '--dir', root, '--json'], dirname(root));
    const [name, sha] = [basename(root), git('rev-parse', 'main').trim()];
    expect(comparisonOf(again).reproduce).toBe(
      `perfkeel compare ${name}/work.perf.ts --against ${sha} --dir ${name} --rounds 6`,
    );
  });

  it('a benchmark that base does not have is new, and one that base would run otherwise is not compared', async () => {
    create({
      'api.perf.ts':
        "import { timed } from './noun.ts'; import { work } from './src/work.ts';\ntimed('api', () => work());",
    });
    project.write('src/extra.ts', 'export const extra = (): number => 1;');
    project.write(
      'extra.perf.ts',
      "import { timed } from './noun.ts'; import { extra } from './src/extra.ts';\ntimed('extra', () => extra());",
    );
    project.write(
      'api.perf.ts',
      "import { timed } from './noun.ts'; import { extra } from './src/extra.ts';\ntimed('api', () => extra());",
    );
    const result = await compare(['extra', 'api', '--json']);
    expect(comparisonOf(result).warnings.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
      ['incomparable', 'api'],
      ['added', 'extra is new'],
    ]);
    expect(result.code).toBe(0);
    expect((await compare(['api', '--strict'])).code).toBe(1);
  });

  it('a shallow clone: what is missing, and how to get it', async () => {
    const origin = create();
    writeFileSync(join(origin, 'src/work.ts'), workModule(30_000));
    commit('second');
    const clone = join(project.temporary, 'clone');
    git('clone', '--quiet', '--depth', '1', '--branch', 'change', `file://${origin}`, clone);
    const { code, stderr } = await said(['compare', '--against', 'main'], clone);
    expect(stderr).toMatch(/shallow clone[\s\S]*git fetch --unshallow[\s\S]*fetch-depth: 0/);
    expect(code).toBe(2);
  });

  it('Ctrl-C removes the checkout of base; what a killed run left is removed by the next one', async () => {
    const root = create();
    writeFileSync(join(root, 'src/work.ts'), workModule(21_000));
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const { child, result } = await startCli(['compare', '--against', 'main'], root, { TMPDIR: project.temporary });
      let heard = '';
      child.stderr!.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      await eventually(() => heard.includes('measuring'));
      expect(worktrees()).toBe(2);
      child.kill(signal);
      const { code } = await result;
      if (signal === 'SIGKILL') continue;
      expect(code).toBe(130);
      expect(existsSync(join(root, '.perf/latest'))).toBe(false);
      expect(worktrees()).toBe(1);
      expect(readdirSync(project.temporary)).toEqual([]);
    }
    expect(worktrees()).toBe(2);
    writeFileSync(join(root, 'src/work.ts'), workModule(20_000));
    expect((await compare([])).code).toBe(0);
    expect(worktrees()).toBe(1);
    expect(readdirSync(project.temporary)).toEqual([]);
  });

  it('what was measured until Ctrl-C is kept and shown', async () => {
    const root = create();
    writeFileSync(join(root, 'src/work.ts'), workModule(80_000));
    const { child, result } = await startCli(['compare', 'work', '--against', 'main', '--seed', '3'], root, {
      TMPDIR: project.temporary,
    });
    let heard = '';
    child.stderr!.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    // The second set of rounds: the first one is whole by then.
    await eventually(() => (heard.match(/measuring/g) ?? []).length === 2, 60_000);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await result;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: what had been measured is kept/);
    expect(stdout).toMatch(/INCONCLUSIVE[\s\S]*work[\s\S]*undecided/);
    const markdown = readFileSync(join(root, '.perf/latest/report.md'), 'utf8');
    expect(markdown).toMatch(/Interrupted: what had been measured until then is kept/);
    // Why with this base, and how to do it again.
    expect(markdown).toMatch(/HEAD is on main: the working tree is compared with its last commit/);
    expect(markdown).toMatch(/perfkeel compare work --against [0-9a-f]{40} --seed 3/);
    expect((await said(['baseline', 'list'], root)).stdout.match(/1 benchmark /g)).toHaveLength(2);
    expect(readdirSync(project.temporary)).toEqual([]);
  });

  it('wrong usage: exit code 2 and the way out', async () => {
    const root = create();
    // None of these comes as far as to start another program than git.
    const wrong = async (...words: string[]): Promise<string> => {
      const { code, stderr } = await said(['compare', ...words], root);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await wrong('--against', 'no-such-branch')).toMatch(/or commit is called "no-such-branch"[\s\S]*git fetch/);
    expect(await wrong('--against', '-x')).toMatch(/or commit is called "-x"/);
    expect(await wrong('--against', 'main', '--budget', 'long')).toMatch(/duration/);
    expect(await wrong('--against', 'main', '--rounds', '5')).toMatch(/from 6 to/);
    expect(await wrong('one', 'two', 'three')).toMatch(/two runs/);
    // Not after ten minutes of measuring, which would be lost.
    writeFileSync(join(root, 'src/work.ts'), workModule(80_000));
    project.write('.perfkeel/accepted/x.json', '{');
    const { code, stderr } = await compare([]);
    expect(stderr).toMatch(/\.perfkeel\/accepted\/x\.json accepts nothing/);
    expect(stderr).not.toMatch(/measuring/);
    expect([code, worktrees()]).toEqual([2, 1]);
  });
});
