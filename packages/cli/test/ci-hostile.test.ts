import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseCiReport, type CiProject, type CiReport } from '@perfkeel/report';
import { runCli, startCli, type CliResult } from '../../../tools/test-support/source-cli.ts';
import { main } from '../src/main.ts';
import { eventually } from '../../../tools/test-support/temp-project.ts';
import { createGitProject, timedNoun, workModule, type GitProject } from './support/git-project.ts';

let project: GitProject;
afterEach(() => project.remove());

const perfFile = (name: string, from = './src/work.ts'): string =>
  `import { timed } from './noun.ts'; import { work } from '${from}';\ntimed('${name}', () => work());`;
const files = { 'noun.ts': timedNoun, 'src/work.ts': workModule(20_000), 'work.perf.ts': perfFile('work') };
const slower = (): void => void project.write('src/work.ts', workModule(80_000));

const ci = (words: string[] = [], cwd = project.root, env: Record<string, string> = {}): Promise<CliResult> =>
  runCli(['ci', '--rounds', '6', '--base', 'main', ...words], cwd, { TMPDIR: project.temporary, ...env });
/** Where a file is to be written, a disk without room; elsewhere than on Linux, a folder. */
function full(file: string, root = project.root): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(existsSync('/dev/full') ? '/dev/full' : project.temporary, path);
}
const report = (root = project.root): CiReport =>
  parseCiReport(readFileSync(join(root, 'perf-out/comparison.json'), 'utf8'), 'comparison.json');
const failures = ({ projects }: CiReport): string[] =>
  projects.flatMap((one: CiProject) => one.failures.map(({ code }) => code));
const worktrees = (): number => project.git('worktree', 'list').trim().split('\n').length;
const isClean = (): void => {
  expect(worktrees()).toBe(1);
  expect(readdirSync(project.temporary)).toEqual([]);
};

describe('perfkeel ci', { timeout: 90_000 }, () => {
  it('in a folder with spaces and quotes, detached, dirty, with perf files that are new and gone, and a renamed package', async () => {
    const inPackage = perfFile('moved').replace("'./noun", "'../../noun");
    const old = { 'package.json': '{"name":"old"}', 'src/work.ts': workModule(1), 'moved.perf.ts': inPackage };
    const oldFiles = Object.fromEntries(Object.entries(old).map(([name, text]) => [`packages/old/${name}`, text]));
    project = createGitProject({ ...files, ...oldFiles, 'old.perf.ts': perfFile('old') });
    rmSync(join(project.root, 'old.perf.ts'));
    renameSync(join(project.root, 'packages/old'), join(project.root, 'packages/fresh'));
    project.write('packages/fresh/package.json', '{"name":"fresh"}');
    project.commit('one less, one renamed');
    project.git('checkout', '--quiet', '--detach');
    project.write('new.perf.ts', perfFile('new'));
    const [before, odd] = [project.root, join(project.temporary, `it's "odd" $(here)`)];
    renameSync(before, odd);
    try {
      const { code, stderr } = await ci([], odd);
      expect(code, stderr).toBe(0);
      const { selection, projects } = report(odd);
      expect(selection).toMatchObject({
        gone: ['old.perf.ts', 'packages/old/moved.perf.ts'],
        choices: [{ file: 'new.perf.ts', decision: 'run' }, {}, { project: 'fresh', decision: 'run' }],
      });
      // What base has under another name is not guessed.
      expect(projects[1]).toMatchObject({ project: 'fresh', folder: 'packages/fresh', verdict: 'pass', rows: [] });
      expect(projects[1]!.warnings).toEqual(['moved is new: base has nothing to compare it with']);
      // Head's perf file runs in base, which has all that it needs.
      expect(projects[0]!.rows.map(({ benchmark, decision }) => [benchmark, decision])).toEqual([['new', 'identical']]);
      expect(readFileSync(join(odd, 'perf-out/report.md'), 'utf8')).toContain('- gone old.perf.ts');
    } finally {
      renameSync(odd, before);
    }
    isClean();
  });

  it('a base without benchmarks, and one that has nothing in common', async () => {
    project = createGitProject({ 'README.md': 'words' });
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    project.commit('benchmarks');
    const added = await ci();
    expect(added.code, added.stderr).toBe(0);
    expect(report().projects[0]!.warnings).toEqual(['work is new: base has nothing to compare it with']);
    project.git('checkout', '--quiet', '--orphan', 'alone');
    project.commit('alone');
    const apart = await ci();
    expect(apart.stderr).toMatch(/HEAD and main have none in common[\s\S]*--base <ref>/);
    expect(apart.code).toBe(2);
    isClean();
  });

  it('a base that does not build is a row of the report; what a full disk does not take is said', async () => {
    const build = { name: 'built', type: 'module', exports: './dist/x.js', scripts: { build: 'node build.mjs' } };
    project = createGitProject({
      '.gitignore': 'node_modules\n.perf\nperf-out\ndist\n',
      'package.json': JSON.stringify(build),
      'build.mjs': 'process.exit(7);',
      'noun.ts': timedNoun,
      'work.perf.ts': perfFile('work', './dist/work.js'),
    });
    const write = "import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('dist', { recursive: true });";
    project.write('build.mjs', `${write} writeFileSync('dist/work.js', 'export const work = () => 1;');`);
    project.write('dist/work.js', 'export const work = () => 1;');
    project.commit('it builds now');
    full('perf-out/report.md');
    const { code, stdout, stderr } = await ci([], project.root, { GITHUB_ACTIONS: 'true' });
    expect(failures(report())).toEqual(['command-failed']);
    expect(stderr).toMatch(/npm run build.* failed[\s\S]*exit code[\s\S]*cannot write .*report\.md/);
    // Everything else is there.
    expect(stdout).toMatch(/^::error::built: `npm run build/m);
    expect(readFileSync(join(project.root, 'perf-out/junit.xml'), 'utf8')).toMatch(/errors="1"/);
    expect(code).toBe(4);
    isClean();
  });

  it('two checkouts at once leave each other alone; submodules are in base, too', async () => {
    project = createGitProject({ ...files, 'sub.perf.ts': perfFile('sub', './vendor/src/work.ts') });
    const vendor = createGitProject({ 'src/work.ts': workModule(10_000) });
    try {
      const allowed = ['-c', 'protocol.file.allow=always'];
      project.git('checkout', '--quiet', 'main');
      project.git(...allowed, 'submodule', '--quiet', 'add', vendor.root, 'vendor');
      project.commit('vendor');
      project.git('checkout', '--quiet', '-B', 'change');
      // Only a comment: both sides execute the same, so that nothing has to be measured.
      project.write('src/work.ts', `// explained\n${workModule(20_000)}`);
      project.commit('comment');
      const other = join(project.temporary, 'other checkout');
      project.git('worktree', 'add', '--quiet', '--detach', other);
      project.git(...allowed, '-C', other, 'submodule', '--quiet', 'update', '--init');
      symlinkSync(readlinkSync(join(project.root, 'node_modules')), join(other, 'node_modules'), 'junction');
      full('perf-out/runs/temp-project/run.json', other);
      const [one, two] = await Promise.all([ci(['--all']), ci(['--all'], other)]);
      expect(one.code, one.stderr).toBe(0);
      // A disk that takes no more takes nothing away from the report.
      expect([two.code, failures(report(other))], two.stderr).toEqual([4, ['not-writable']]);
      for (const root of [project.root, other]) {
        expect(report(root).projects[0]!.rows.map(({ benchmark, decision }) => [benchmark, decision])).toEqual([
          ['sub', 'identical'],
          ['work', 'identical'],
        ]);
      }
      expect(readdirSync(project.temporary)).toEqual(['other checkout']);
      expect(worktrees()).toBe(2);
    } finally {
      vendor.remove();
    }
  });

  it('Ctrl-C between two projects ends it all the same', async () => {
    project = createGitProject({ ...files, 'packages/b/package.json': '{"name":"b"}' });
    project.write('packages/b/b.perf.ts', perfFile('b').replaceAll("'./", "'../../"));
    project.commit('another');
    const listeners: (() => void)[] = [];
    const pressAt = (text: string): void => {
      if (text.includes('project  b')) for (const listener of listeners) listener();
    };
    const code = await main(['ci', '--base', 'main', '--all'], {
      cwd: project.root,
      env: { LANG: 'C.UTF-8', PERFKEEL_CONDITIONS: '@perfkeel/source' },
      stdout: { write: () => undefined },
      stderr: { write: pressAt },
      onSignal: (listener) => void listeners.push(listener),
    });
    expect(code).toBe(130);
    const [first, second] = report().projects;
    expect(first).toMatchObject({ exitCode: 0, rows: [{ benchmark: 'work', decision: 'identical' }] });
    expect(second).toMatchObject({ project: 'b', exitCode: 130, failures: [{ code: 'interrupted' }] });
    isClean();
  });

  it('Ctrl-C: base is removed, and the report says what was not measured', async () => {
    project = createGitProject({ ...files, 'packages/b/package.json': '{"name":"b"}' });
    project.write('packages/b/b.perf.ts', perfFile('b').replaceAll("'./", "'../../"));
    slower();
    project.commit('slower');
    const { child, result } = await startCli(['ci', '--base', 'main'], project.root, { TMPDIR: project.temporary });
    let heard = '';
    child.stderr!.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    await eventually(() => heard.includes('measuring'), 60_000);
    child.kill('SIGINT');
    const { code } = await result;
    expect(code).toBe(130);
    expect(failures(report())).toEqual(['interrupted']);
    expect(report().notes).toEqual(['Interrupted before these were measured: b.']);
    isClean();
  });
});
