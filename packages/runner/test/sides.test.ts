import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  identicalOf,
  measureProject,
  measureSides,
  prepareSides,
  type PreparedSides,
  type PrepareSidesOptions,
  type SidesEvent,
} from '@perfkeel/runner';
import { customNoun } from './custom-noun.ts';

const ownPackages = fileURLToPath(new URL('../../../node_modules/@perfkeel', import.meta.url));
const usual = process.env['TMPDIR'];
// Many fresh processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 });

let home: string;
let root: string;
let prepared: PreparedSides | undefined;

/** Worktrees go to a temporary folder of these tests, from which the product's packages are found. */
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')));
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(ownPackages, join(home, 'node_modules/@perfkeel'), 'junction');
  process.env['TMPDIR'] = home;
});
beforeEach(() => (root = mkdtempSync(join(home, 'repository-'))));
afterEach(async () => {
  await prepared?.remove();
  prepared = undefined;
});
afterAll(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  rmSync(home, { recursive: true, force: true });
});

const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: root, encoding: 'utf8' });
function write(files: Record<string, string | object>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof text === 'string' ? text : JSON.stringify(text));
  }
}
function commitAll(files: Record<string, string | object>): void {
  write({ '.gitignore': 'node_modules\n.perf\ndist\n', ...files });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'first');
}
const prepare = async (project = '', options: Partial<PrepareSidesOptions> = {}): Promise<PreparedSides> =>
  (prepared = await prepareSides({
    root: join(root, project),
    against: 'main',
    tool: 'test',
    conditions: ['@perfkeel/source'],
    ...options,
  }));
const codeOf = ({ benchmarks }: PreparedSides['base']): string => readFileSync(benchmarks[0]!.bundle.file, 'utf8');
const perf = (from: string): string =>
  `import { probe, sample } from './noun.ts'; import { answer } from '${from}';
   probe('one', { measure: ({ seed, round }: any) => ({ measurements: [sample(answer + round)], warnings: [{ code: 'seed', message: String(seed) }] }) });`;

it('a workspace: base in a sub-folder finds its own packages, although links were absolute', async () => {
  commitAll({
    'package.json': { name: 'workspace', private: true, workspaces: ['packages/*'] },
    'packages/lib/package.json': { name: 'lib', type: 'module', exports: './src/index.ts' },
    'packages/lib/src/index.ts': 'export const answer: number = 1001;',
    'packages/app/package.json': { name: 'app', type: 'module', dependencies: { lib: '*' } },
    // A kind that runs in the measuring process, of which the bundle is everything.
    'packages/app/noun.ts': customNoun.replace("kind: 'probe'", "kind: 'bench'"),
    'packages/app/a.perf.ts': perf('lib'),
  });
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(root, 'packages/lib'), join(root, 'node_modules/lib'), 'junction');
  write({ 'packages/lib/src/index.ts': 'export const answer: number = 2002;' });
  const sides = await prepare('packages/app');
  expect(sides.dependencies).toBe('copied');
  expect(codeOf(sides.base)).toContain('1001');
  expect(codeOf(sides.base)).not.toContain('2002');
  expect(codeOf(sides.head)).toContain('2002');
  expect(identicalOf(sides.base, sides.head)).toEqual([]);
  expect(sides.base.provenance).toMatchObject({ branch: 'main', dirty: false, sha: sides.chosen.sha });
  expect(sides.head.provenance.dirty).toBe(true);
  await sides.remove();
  write({ 'packages/lib/src/index.ts': 'export const answer: number = /* the same */ 1001;' });
  const same = await prepare('packages/app');
  expect(identicalOf(same.base, same.head)).toEqual(['one']);
});

it('a perf file that executes the same on both sides is read once, and measured in base all the same', async () => {
  const reads = join(root, '..', 'reads');
  const telling = (name: string, from: string): string =>
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(reads)}, '${name} ');
     ${perf(from).replace("'one'", `'${name}'`)}`;
  commitAll({
    'package.json': { name: 'twice', type: 'module' },
    'noun.ts': customNoun.replace("kind: 'probe'", "kind: 'bench'"),
    'answer.ts': 'export const answer = 1000;',
    'question.ts': 'export const answer = 1;',
    'a.perf.ts': telling('answer', './answer.ts'),
    'b.perf.ts': telling('question', './question.ts'),
  });
  write({ 'answer.ts': 'export const answer = 2000;' });
  const { base, head } = await prepare();
  expect(readFileSync(reads, 'utf8').trim().split(' ').sort()).toEqual(['answer', 'answer', 'question']);
  expect(identicalOf(base, head)).toEqual(['question']);
  const options = { base, head, looks: [1], confirmLooks: [1], budgetMs: 60_000, seed: 7, calibrate: true };
  const measured = await measureSides({ ...options, judge: () => new Map() });
  const values = measured.base.measurements.map(({ benchmark, data }) => [
    benchmark,
    (data as { values?: unknown }).values,
  ]);
  expect(Object.fromEntries(values)).toEqual({ answer: [1000], question: [1] });
  expect(base.benchmarks.every(({ bundle }) => bundle.file.startsWith(base.root))).toBe(true);
});

it('built output: both sides are built from what they are now', async () => {
  const build = "import { copyFileSync, mkdirSync } from 'node:fs'; mkdirSync('dist', { recursive: true });";
  commitAll({
    'package.json': { name: 'built', type: 'module', exports: './dist/index.js', scripts: { build: 'node build.mjs' } },
    'build.mjs': `${build} copyFileSync('src/index.js', 'dist/index.js');`,
    'src/index.js': 'export const answer = 1001;',
    'noun.ts': customNoun,
    'a.perf.ts': perf('./dist/index.js'),
  });
  write({ 'src/index.js': 'export const answer = 2002;', 'dist/index.js': 'export const answer = 9999;' });
  const sides = await prepare();
  expect(sides.spent.buildMs).toBeGreaterThan(0);
  expect(
    [codeOf(sides.base), codeOf(sides.head)].map((code) => /\d{4}/.exec(/answer = \d+/.exec(code)![0])![0]),
  ).toEqual(['1001', '2002']);
});

it('another lock file: base is installed as its own says', async () => {
  const lock = (version: string): object => ({
    name: 'locked',
    version,
    lockfileVersion: 3,
    packages: { '': { name: 'locked', version } },
  });
  commitAll({
    'package.json': { name: 'locked', version: '1.0.0', type: 'module' },
    'package-lock.json': lock('1.0.0'),
    'answer.ts': 'export const answer = 1;',
    'noun.ts': customNoun,
    'a.perf.ts': perf('./answer.ts'),
  });
  write({ 'package.json': { name: 'locked', version: '1.0.1', type: 'module' }, 'package-lock.json': lock('1.0.1') });
  const sides = await prepare();
  expect(sides.dependencies).toBe('installed');
  // A kind that nobody knows may run anything.
  expect(identicalOf(sides.base, sides.head)).toEqual([]);
});

it('micro-benchmarks compile in their own thread, in comparisons and in runs; others run as ever', async () => {
  const counting = `{ measure: () => ({
    measurements: [sample(process.execArgv.filter((flag) => flag === '--no-concurrent-recompilation').length)] }) }`;
  commitAll({
    'package.json': { name: 'flags', type: 'module' },
    'noun.ts': customNoun.replace("kind: 'probe'", "kind: 'bench'"),
    'other.ts': customNoun,
    'a.perf.ts': `import { probe, sample } from './noun.ts'; import { probe as other } from './other.ts';
      probe('micro', ${counting}); other('other', ${counting});`,
  });
  const { base, head } = await prepare();
  const options = { base, head, looks: [1], confirmLooks: [1], budgetMs: 60_000, seed: 7, calibrate: true };
  const measured = await measureSides({ ...options, judge: () => new Map() });
  const conditions = ['@perfkeel/source'];
  const run = await measureProject({ root, rounds: 1, tool: 'perfkeel 0.0.0-test', conditions });
  for (const { measurements } of [measured.base, measured.head, run]) {
    const found = measurements.map(({ benchmark, data }) => [
      benchmark,
      (data as unknown as { values: number[] }).values[0],
    ]);
    expect(Object.fromEntries(found)).toEqual({ micro: 1, other: 0 });
  }
  expect(measured.nodeFlags).toEqual(['--no-concurrent-recompilation']);
  // So that stored runs and sessions can be held against each other.
  expect(measured.head.environment.class).toBe(run.environment.class);
});

it('refuses a base that would run code of head, and leaves nothing behind', async () => {
  commitAll({
    'package.json': { name: 'absolute', type: 'module' },
    'answer.ts': 'export const answer = 1;',
    'noun.ts': customNoun,
    'a.perf.ts': perf(join(root, 'answer.ts')),
  });
  await expect(prepare()).rejects.toMatchObject({ code: 'base-imports-head', exitCode: 4 });
  expect(readdirSync(home).filter((name) => name.startsWith('perfkeel-base-'))).toEqual([]);
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

it('measures in turns with equal seeds, again from zero what is to be confirmed, and stops with the budget', async () => {
  commitAll({
    'package.json': { name: 'turns', type: 'module' },
    'answer.ts': 'export const answer = 1000;',
    'noun.ts': customNoun,
    'a.perf.ts': perf('./answer.ts'),
  });
  write({ 'answer.ts': 'export const answer = 2000;' });
  const sides = await prepare();
  const events: SidesEvent[] = [];
  const measured = await measureSides({
    ...{ base: sides.base, head: sides.head, looks: [2, 3], confirmLooks: [2], budgetMs: 60_000, seed: 7 },
    judge: (stage, look, { base, head }) => {
      expect([base, head].map(({ measurements }) => measurements.length)).toEqual([look, look]);
      return new Map([['one', stage === 'screen' ? (look === 2 ? 'more' : 'confirm') : 'done']]);
    },
    onEvent: (event) => events.push(event),
  });
  const seeds = (run: { measurements: readonly { warnings: readonly { message: string }[] }[] }): string[] =>
    run.measurements.map(({ warnings }) => warnings[0]!.message);
  const values = (run: { measurements: readonly { data: unknown }[] }): unknown[] =>
    run.measurements.map(({ data }) => (data as { values: number[] }).values[0]);
  const { base, head, confirmation } = measured;
  expect([values(base), values(head)]).toEqual([
    [1000, 1001, 1002],
    [2000, 2001, 2002],
  ]);
  expect(seeds(base)).toEqual(seeds(head));
  expect(seeds(confirmation!.base)).toEqual(seeds(confirmation!.head));
  expect(seeds(confirmation!.base).some((seed) => seeds(base).includes(seed))).toBe(false);
  expect(base.id < head.id).toBe(true);
  expect(events.flatMap((event) => (event.type === 'stage' ? [`${event.stage} ${event.rounds}`] : []))).toEqual([
    'screen 4',
    'screen 2',
    'confirm 4',
  ]);
  expect(measured.spent).toMatchObject({ rounds: 10, exhausted: false });
  // Rounds that cannot reach the next look are not begun: nothing would judge them.
  const brief = await measureSides({
    ...{ base: sides.base, head: sides.head, looks: [1, 100_000], confirmLooks: [2], budgetMs: 60_000, seed: 7 },
    judge: () => new Map(),
  });
  expect(brief.spent).toMatchObject({ rounds: 2, exhausted: true });
  const nothing = await measureSides({
    ...{ base: sides.base, head: sides.head, looks: [2], confirmLooks: [2], budgetMs: 0, seed: 7 },
    judge: () => new Map(),
  });
  expect(nothing).toMatchObject({ spent: { rounds: 0, exhausted: true }, identical: [] });
  expect(nothing.head.measurements).toEqual([]);
});
