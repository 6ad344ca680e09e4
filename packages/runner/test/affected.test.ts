import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAffected, describeChoice, type AffectedSelection, type ChooseAffectedOptions } from '@perfkeel/runner';
import {
  createRepository,
  install,
  lockOf,
  workspaceFiles,
  writeAll,
  type Changes,
  type Files,
  type Repository,
} from './affected-workspace.ts';

let repository: Repository;
beforeAll(() => {
  repository = createRepository(workspaceFiles);
  install(repository.root);
});
afterAll(() => repository.remove());

const perfFiles = {
  load: ['packages/load/perf/a.perf.ts', 'packages/load/perf/b.perf.ts'],
  latency: ['packages/latency/perf/c.perf.ts'],
  api: ['packages/api/perf/d.perf.ts'],
};

function choose(options: Partial<ChooseAffectedOptions> = {}, root = repository.root): Promise<AffectedSelection> {
  const projects = Object.entries(perfFiles).map(([name, files]) => ({
    name,
    root: join(root, 'packages', name),
    files: files.map((file) => join(root, file)),
    conditions: ['@perfkeel/source'],
  }));
  return chooseAffected({ folder: root, projects, base: 'main', ...options });
}

/** The perf files that run by their letter, with `?` when nobody can be sure. */
const lettersOf = ({ choices }: AffectedSelection): string =>
  choices
    .filter(({ decision }) => decision === 'run')
    .map(({ file, cause }) => `${/(\w)\.perf/.exec(file)![1]}${cause?.sure ? '' : '?'}`)
    .join(' ');
const linesOf = ({ choices }: AffectedSelection): string[] => choices.map(describeChoice);

async function after(branch: string): Promise<AffectedSelection> {
  repository.git('checkout', '--quiet', '--force', branch);
  return await choose();
}
async function afterChange(change: Changes): Promise<AffectedSelection> {
  repository.history({ change });
  return await after('change');
}
const rootManifest = workspaceFiles['package.json'] as object;
const core = workspaceFiles['packages/core/package.json'] as object;
const text = (path: string): string => workspaceFiles[path] as string;

/** What a change is, the change, and which perf files run. */
const rows: readonly (readonly [what: string, change: Changes, runs: string])[] = [
  [
    'source that is taken in',
    { 'packages/core/src/stats.ts': `${text('packages/core/src/stats.ts')}// more\n` },
    'a c d?',
  ],
  ['source that nothing takes in: only what may start it', { 'packages/core/src/unused.ts': '// more\n' }, 'd?'],
  ['documents', { 'docs/guide.md': '# More\n', 'README.md': '# More\n', 'docs/new/page.ts': '' }, ''],
  ['a script of the workspace', { 'package.json': { ...rootManifest, scripts: { test: 'x' } } }, ''],
  ['the README of a package', { 'packages/core/README.md': '# More\n' }, ''],
  ['tests', { 'packages/load/test/load.spec.ts': '// more\n', 'packages/core/src/stats.test.ts': '// more\n' }, ''],
  [
    'a perf file: that file alone',
    { 'packages/load/perf/b.perf.ts': `${text('packages/load/perf/b.perf.ts')}// more\n` },
    'b',
  ],
  ['settings of the compiler for all', { 'tsconfig.base.json': {} }, 'a b c d'],
  ['those of one package', { 'packages/latency/tsconfig.json': {} }, 'c'],
  ['those of tests', { 'tsconfig.tests.json': {} }, ''],
  ['code of no project, such as settings of a build', { 'tsup.base.ts': '// more\n' }, 'a? b? c? d?'],
  ['what an earlier ci has left', { 'perf-out/comparison.json': '{}', 'packages/load/perf-out/junit.xml': '' }, ''],
  ['perf.config: it decides about its own project', { 'packages/load/perf.config.ts': '// more\n' }, 'a b'],
  ['what perf.config imports', { 'packages/load/perf/settings.ts': 'export const rounds = 5;\n' }, 'a b'],
  ['a list that perf.config names', { 'docs/sizes.md': '# More\n' }, 'a b'],
  ['a folder that perf.config names', { 'packages/load/test/data/new.txt': '' }, 'a b d?'],
  ['settings of Nx, without knowing what they do', { 'nx.json': {} }, 'a? b? c? d?'],
  ['perf.config, which is gone', { 'packages/load/perf.config.ts': undefined }, 'a b'],
  ['a package that is executed', { 'package-lock.json': lockOf({ zod: '4.6.7' }) }, 'a c d?'],
  ['a package that this one needs', { 'package-lock.json': lockOf({ tiny: '1.0.1' }) }, 'a c d?'],
  ['a package that only a perf file imports', { 'package-lock.json': lockOf({ perfish: '2.0.0' }) }, 'b'],
  ['a package that only the server needs', { 'package-lock.json': lockOf({ server: '1.0.1' }) }, 'd?'],
  ['tools of tests', { 'package-lock.json': lockOf({ chai: '6.0.1', vitest: '4.2.0' }) }, ''],
  ['tools of tests in package.json', { 'package.json': { ...rootManifest, devDependencies: { vitest: '4' } } }, ''],
  ['a tool that builds', { 'package-lock.json': lockOf({ esbuild: '0.28.3' }) }, 'a b c d'],
  ['a package that is gone and was not executed', { 'package-lock.json': lockOf({ unused: '' }) }, ''],
  ['a package that is gone and was executed', { 'package-lock.json': lockOf({ tiny: '' }) }, 'a c d?'],
  ['the version of a package of the workspace', { 'package-lock.json': lockOf({}, '1.1.0') }, ''],
  ['a lock file that cannot be read', { 'package-lock.json': '<<<<<<< HEAD\n' }, 'a? b? c? d?'],
  ['data beside code', { 'packages/load/src/table.json': '{"a":1}\n' }, 'a? b? d?'],
  [
    'fields that decide what is imported',
    { 'packages/core/package.json': { name: 'core', type: 'module', exports: './src/index.ts' } },
    'a c d?',
  ],
  ['a deleted source file that nothing takes in', { 'packages/core/src/unused.ts': undefined }, 'd?'],
  [
    'a moved source file that something takes in',
    {
      'packages/core/src/stats.ts': undefined,
      'packages/core/src/mean.ts': text('packages/core/src/stats.ts'),
      'packages/core/src/index.ts': "export { mean } from './mean.ts';\n",
    },
    'a c d?',
  ],
  ['a perf file that does not compile', { 'packages/latency/perf/c.perf.ts': 'const = ;' }, 'c?'],
  ['a program that a perf file starts', { 'packages/api/src/server.js': '// more\n' }, 'd?'],
  ['nothing', {}, ''],
];

describe('after a change to', () => {
  beforeAll(() => repository.history(Object.fromEntries(rows.map(([, change], at) => [`row-${at}`, change]))));
  it.each(rows.map(([what, , runs], at) => ({ what, runs, at })))('$what', async ({ at, runs }) => {
    const selection = await after(`row-${at}`);
    expect(lettersOf(selection), linesOf(selection).join('\n')).toBe(runs);
  });
});

const reasonOf = async (change: Changes, letter: string): Promise<string | undefined> =>
  linesOf(await afterChange(change)).find((line) => line.includes(`${letter}.perf.ts`));

describe('a server that lies among tests', () => {
  it.each([
    ['itself', { 'packages/api/test/support/server.js': '// more\n' }, 'h?'],
    ['what lies beside it', { 'packages/api/test/support/routes/all.js': '// more\n' }, 'h?'],
    ['another test', { 'packages/api/test/other.js': '// more\n' }, ''],
  ])('runs its benchmark after a change to %s', async (_, change, runs) => {
    repository.branch('server-of-tests');
    repository.write({
      'packages/api/test/support/server.js': 'export {};\n',
      'packages/api/test/support/routes/all.js': 'export {};\n',
      'packages/api/perf/h.perf.ts': text('packages/api/perf/d.perf.ts').replace('src/server', 'test/support/server'),
    });
    repository.commit('before');
    repository.write(change);
    const root = join(repository.root, 'packages/api');
    const projects = [{ name: 'api', root, files: [join(root, 'perf/h.perf.ts')], conditions: ['@perfkeel/source'] }];
    const selection = await choose({ projects, base: 'HEAD' });
    expect(lettersOf(selection), linesOf(selection).join('\n')).toBe(runs);
  });
});

describe('a perf file that executes built output', () => {
  it.each<[what: string, change: Files, runs: string]>([
    ['any source of that package', { 'packages/core/src/unused.ts': '// more\n' }, 'g'],
    ['how it is built', { 'packages/core/package.json': { ...core, scripts: { build: 'tsc' } } }, 'g'],
    ['what it says of itself', { 'packages/core/package.json': { ...core, description: 'x' } }, ''],
    ['a package that it needs', { 'package-lock.json': lockOf({ tiny: '1.0.1' }) }, 'g'],
    ['other packages and prose', { 'packages/load/src/index.ts': '// more\n', 'packages/core/README.md': '' }, ''],
  ])('runs after a change to %s', async (_, change, runs) => {
    repository.branch('built');
    repository.write({
      'packages/core/dist/index.js': 'export const mean = () => 1;\n',
      'packages/latency/perf/g.perf.ts': "import { mean } from 'core';\nconsole.log(mean());\n",
    });
    repository.commit('before');
    repository.write(change);
    repository.commit('change');
    const root = join(repository.root, 'packages/latency');
    const projects = [{ name: 'latency', root, files: [join(root, 'perf/g.perf.ts')] }];
    const selection = await choose({ projects, base: repository.git('rev-parse', 'HEAD~1').trim() });
    expect(lettersOf(selection), linesOf(selection).join('\n')).toBe(runs);
  });
});

describe('the reason', () => {
  it('is the way from the change to the perf file', async () => {
    const change = { 'packages/core/src/stats.ts': `${text('packages/core/src/stats.ts')}// more\n` };
    expect(await reasonOf(change, 'a')).toBe(
      'run load: packages/load/perf/a.perf.ts because packages/core/src/stats.ts -> core -> load',
    );
    expect(linesOf(await choose()).slice(1)).toEqual([
      'skip load: packages/load/perf/b.perf.ts: no changed input',
      'run latency: packages/latency/perf/c.perf.ts because packages/core/src/stats.ts -> core -> latency',
      'run api: packages/api/perf/d.perf.ts unsure, because packages/core/src/stats.ts -> core -> load -> api (it starts or asks other programs)',
    ]);
  });

  it('names versions and packages of a lock file', async () => {
    const change = { 'package-lock.json': lockOf({ tiny: '1.0.1' }) };
    expect(await reasonOf(change, 'a')).toBe(
      'run load: packages/load/perf/a.perf.ts because npm tiny 1.0.0 -> 1.0.1 -> zod -> core -> load',
    );
  });
});

describe('lock files of other package managers', () => {
  const yarn = (tiny: string): string =>
    `# yarn lockfile v1\n\nzod@^4.0.0:\n  version "4.6.6"\n  dependencies:\n    tiny "^1.0.0"\n\ntiny@^1.0.0:\n  version "${tiny}"\n\nchai@6:\n  version "6.${tiny}"\n`;
  const pnpm = (tiny: string): string =>
    [
      ...["lockfileVersion: '9.0'", 'importers:', '  .:', '    devDependencies:', '      chai:'],
      ...[
        `        version: 6.${tiny}`,
        '  packages/core:',
        '    dependencies:',
        '      zod:',
        '        version: 4.6.6',
      ],
      ...['  packages/load:', '    dependencies:', '      core:', '        version: link:../core', 'snapshots:'],
      ...['  zod@4.6.6:', '    dependencies:', `      tiny: ${tiny}`, `  tiny@${tiny}: {}`, `  chai@6.${tiny}: {}`],
      '',
    ].join('\n');

  it.each([
    ['yarn.lock', yarn],
    ['pnpm-lock.yaml', pnpm],
  ])('%s: what is reached through packages of the workspace runs, and nothing else', async (name, lock) => {
    repository.branch('other-manager');
    repository.git('rm', '--quiet', 'package-lock.json');
    repository.write({ [name]: lock('1.0.0') });
    repository.commit('before');
    repository.write({ [name]: lock('1.0.1') });
    const selection = await choose({ base: 'HEAD' });
    expect(lettersOf(selection), linesOf(selection).join('\n')).toBe('a c d?');
    expect(linesOf(selection)[0]).toContain('because npm tiny 1.0.0 -> 1.0.1 -> zod -> core -> load');
  });
});

describe('changes that are not committed', () => {
  it('count when they are staged, unstaged or new; up to a commit they do not', async () => {
    repository.branch('dirty');
    repository.commit('nothing');
    repository.write({ 'packages/latency/perf/c.perf.ts': `${text('packages/latency/perf/c.perf.ts')}// staged\n` });
    repository.git('add', '--all');
    repository.write({
      'packages/load/perf/b.perf.ts': `${text('packages/load/perf/b.perf.ts')}// unstaged\n`,
      'packages/load/src/new.json': '{}',
    });
    const selection = await choose();
    expect(lettersOf(selection), linesOf(selection).join('\n')).toBe('a? b c d?');
    expect(selection.changes).toEqual([
      { path: 'packages/latency/perf/c.perf.ts', status: 'modified', class: 'benchmark' },
      { path: 'packages/load/perf/b.perf.ts', status: 'modified', class: 'benchmark' },
      { path: 'packages/load/src/new.json', status: 'added', class: 'data' },
    ]);
    const committed = await choose({ head: 'HEAD' });
    expect(committed).toMatchObject({ changes: [], head: repository.git('rev-parse', 'HEAD').trim() });
    expect(lettersOf(committed)).toBe('');
  });

  it('are those that are named, whatever git says', async () => {
    repository.branch('named');
    const files = ['packages/core/src/index.ts', 'packages/core/gone.md'].map((file) => join(repository.root, file));
    const selection = await choose({ files });
    expect(lettersOf(selection)).toBe('a c d?');
    expect(selection.changes.map(({ status }) => status)).toEqual(['modified', 'deleted']);
  });
});

describe('what is no more', () => {
  it('is gone, and what is skipped is not', async () => {
    repository.branch('deleted');
    repository.git('rm', '--quiet', 'packages/load/perf/b.perf.ts');
    repository.commit('gone');
    const root = join(repository.root, 'packages/load');
    const projects = [{ name: 'load', root, files: [join(root, 'perf/a.perf.ts')], conditions: ['@perfkeel/source'] }];
    const { gone, choices } = await choose({ projects });
    expect(gone).toEqual(['packages/load/perf/b.perf.ts']);
    expect(choices.map(({ decision }) => decision)).toEqual(['skip']);
  });
});

describe('when nobody can know', () => {
  it('everything runs outside of a repository, in a shallow clone, and where main is called otherwise', async () => {
    repository.branch('unsure');
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-affected-')));
    try {
      writeAll(folder, { 'package.json': { name: 'alone' }, 'x.perf.ts': '' });
      const project = { name: 'alone', root: folder, files: [join(folder, 'x.perf.ts')] };
      const alone = await choose({ folder, projects: [project] });
      expect(alone.unsure).toMatch(/not in a git repository.*--files/);
      expect(alone.choices).toMatchObject([{ decision: 'run', cause: { sure: false } }]);
      const clone = join(folder, 'clone');
      repository.git('clone', '--quiet', '--depth', '1', `file://${repository.root}`, clone);
      const shallow = await choose({ base: 'other' }, clone);
      expect(shallow.unsure).toMatch(/shallow clone.*fetch-depth: 0/);
      expect(lettersOf(shallow)).toBe('a? b? c? d?');
      expect((await choose({ base: 'trunk' })).unsure).toMatch(/no branch, tag or commit is called "trunk"/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('a name that a person wrote is a mistake', async () => {
    await expect(choose({ base: 'trunk', explicit: true })).rejects.toMatchObject({ code: 'unknown-ref', exitCode: 2 });
    await expect(choose({ head: 'trunk' })).rejects.toMatchObject({ code: 'unknown-ref', exitCode: 2 });
  });
});

describe('a workspace below the top of its repository', () => {
  it('sees only what concerns it, other repositories inside included', async () => {
    const vendor = createRepository({ 'index.ts': 'export const one = 1;\n' });
    const outer = createRepository({
      '.gitignore': 'node_modules\n.perf\n',
      'other/src/app.ts': 'export {};\n',
      'js/package.json': { name: 'inner', workspaces: ['packages/*'] },
      'js/packages/one/package.json': { name: 'one' },
      'js/packages/one/perf/e.perf.ts': "import { one } from '../../../vendor/index.ts';\nconsole.log(one);\n",
      'js/packages/one/perf/f.perf.ts': 'console.log(2);\n',
    });
    try {
      outer.git('submodule', '--quiet', 'add', vendor.root, 'js/vendor');
      outer.commit('with another repository');
      const root = join(outer.root, 'js/packages/one');
      const files = ['e', 'f'].map((letter) => join(root, `perf/${letter}.perf.ts`));
      const chosen = (): Promise<AffectedSelection> =>
        choose({ folder: join(outer.root, 'js'), projects: [{ name: 'one', root, files }] });
      outer.branch('outside');
      outer.write({ 'other/src/app.ts': '// more\n', '.gitmodules': '# more\n' });
      outer.commit('outside');
      const outside = await chosen();
      expect(linesOf(outside)).toEqual([
        'skip one: packages/one/perf/e.perf.ts: no changed input',
        'skip one: packages/one/perf/f.perf.ts: no changed input',
      ]);
      writeAll(join(outer.root, 'js/vendor'), { 'index.ts': 'export const one = 2;\n' });
      expect(linesOf(await chosen())[0]).toBe('run one: packages/one/perf/e.perf.ts because js/vendor -> inner -> one');
    } finally {
      outer.remove();
      vendor.remove();
    }
  });
});
