import { symlinkSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Report } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { AffectedSelection } from '@perfkeel/runner';
import { runCli } from '../../../tools/test-support/source-cli.ts';
import { createRepository, type Files, type Repository } from '../../runner/test/affected-workspace.ts';

let repository: Repository;
afterEach(() => repository.remove());

const noun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export const known = (name: string, ms: number) => declare({
  name, kind: 'bench', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true,
  ...commonParts({ tags: ['quick'] }, { rounds: 1 }), location: callSite(known as never),
  instrument: async () => ({ measurements: [{ metric: 'response-time', data: { kind: 'sample', values: Array(400).fill(ms * 1e6) } }] }),
});
`;
const perf = (name: string): string =>
  `import { known } from '../../../noun.ts';\nimport { ${name} } from '../src/${name}.ts';\nknown('${name}', ${name});\n`;

/** Packages `one` and `two`; `two` needs `one` only by what Nx is told, and reads what it makes. */
const files: Files = {
  '.gitignore': 'node_modules\n.perf\n.nx\n',
  'package.json': { name: 'workspace', private: true, type: 'module', workspaces: ['packages/*'] },
  'noun.ts': noun,
  'packages/one/package.json': { name: 'one', type: 'module' },
  'packages/one/perf.config.ts': 'export default {};\n',
  'packages/one/src/one.ts': 'export const one: number = 1;\n',
  'packages/one/src/other.ts': 'export const other: number = 1;\n',
  'packages/one/perf/one.perf.ts': perf('one'),
  'packages/two/package.json': { name: 'two', type: 'module' },
  'packages/two/project.json': { name: 'second', implicitDependencies: ['one'] },
  'packages/two/perf.config.ts': 'export default {};\n',
  'packages/two/src/two.ts':
    'export const two: number = 2;\nexport const load = (name: string): unknown => import(name);\n',
  'packages/two/perf/two.perf.ts': `${perf('two')}import { load } from '../src/two.ts';\nif (two > 2) void load('./x.js');\n`,
};

function create(more: Files = {}): string {
  repository = createRepository({ ...files, ...more });
  const modules = dirname(dirname(createRequire(import.meta.url).resolve('nx/package.json')));
  symlinkSync(modules, join(repository.root, 'node_modules'), 'junction');
  repository.branch('change');
  return repository.root;
}

const touch = (name: string): void =>
  repository.write({ [`packages/one/src/${name}.ts`]: `export const ${name}: number = 3;\n` });

describe('perfkeel affected', () => {
  it('says what runs and why, as text, JSON, Markdown and names', async () => {
    const root = create();
    touch('one');
    repository.write({ 'README.md': 'words' });
    const { code, stdout } = await runCli(['affected'], root);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^2 changed files since [0-9a-f]{7} \(main, which this branch contains\)|HEAD is on main/),
      'run   one: packages/one/perf/one.perf.ts  because packages/one/src/one.ts -> one',
      'skip  two: packages/two/perf/two.perf.ts  no changed input',
      'ignored: README.md',
      '',
    ]);
    expect(code).toBe(0);
    const json = JSON.parse((await runCli(['affected', '--json'], root)).stdout) as AffectedSelection;
    expect(json).toMatchObject({
      schemaVersion: 1,
      graph: 'packages',
      gone: [],
      changes: [
        { path: 'README.md', class: 'inert' },
        { path: 'packages/one/src/one.ts', class: 'source' },
      ],
      choices: [{ project: 'one', decision: 'run', cause: { sure: true, chain: ['one'] } }, { decision: 'skip' }],
    });
    expect((await runCli(['affected', '--projects'], root)).stdout).toBe('one\n');
    const markdown = (await runCli(['affected', '--markdown'], root)).stdout;
    expect(markdown).toContain('| one | packages/one/perf/one.perf.ts | because packages/one/src/one.ts -&gt; one |');
    expect(markdown).toContain('1 not measured: no changed input');
  });

  it(
    'walks over the graph of Nx, with what only Nx knows; a broken graph makes everything run',
    { timeout: 120_000 },
    async () => {
      const root = create({ 'nx.json': { analytics: false, neverConnectToCloud: true, defaultBase: 'main' } });
      touch('other');
      const environment = { NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx/data'), HOME: root };
      const { stdout } = await runCli(['affected', '--json'], root, environment);
      const { graph, unsure, choices } = JSON.parse(stdout) as AffectedSelection;
      expect([graph, unsure]).toEqual(['nx', undefined]);
      expect(choices).toMatchObject([
        { project: 'one', decision: 'skip' },
        {
          project: 'two',
          decision: 'run',
          cause: { sure: false, what: 'packages/one/src/other.ts', chain: ['one', 'second'] },
        },
      ]);
      repository.write({ 'nx.json': '{ "defaultBase": "main", ' });
      const broken = await runCli(['affected'], root, environment);
      expect(broken.stdout).toMatch(/^Unsure what changed, so everything runs: .*graph/);
      expect(broken.stdout).toMatch(/\nrun .*\nrun /);
    },
  );
});

describe('perfkeel run --affected', () => {
  it('measures only that, in each project of a workspace, and what is not run is not removed', async () => {
    const root = create();
    const folders = ['one', 'two'].map((name) => join(root, 'packages', name));
    expect((await runCli(['run'], root)).code).toBe(0);
    for (const folder of folders) expect((await runCli(['baseline', 'set', 'main'], folder)).code).toBe(0);
    touch('one');
    const { code, stdout, stderr } = await runCli(['run', '--affected', '--against', 'main', '--json'], root);
    expect(code, stderr).not.toBe(2);
    expect(stderr).toMatch(/run .*one\.perf\.ts .*\n[^]*skip .*two\.perf\.ts/);
    const { projects } = JSON.parse(stdout) as { projects: { project: string; report?: Report }[] };
    expect(projects.map(({ project, report }) => [project, report?.run.plan.benchmarks.map(({ id }) => id)])).toEqual([
      ['one', ['one']],
      ['two', undefined],
    ]);
    const { run, comparison } = projects[0]!.report!;
    expect(run.plan.selection).toEqual([
      {
        file: 'packages/one/perf/one.perf.ts',
        decision: 'run',
        why: 'because packages/one/src/one.ts -> one',
      },
    ]);
    expect(comparison!.warnings.filter(({ code }) => code === 'removed')).toEqual([]);
    const kept = folders.map((folder) => readFileSync(join(folder, '.perf/latest/affected.json'), 'utf8'));
    expect(kept.map((text) => (JSON.parse(text) as AffectedSelection).choices.map(({ decision }) => decision))).toEqual(
      [['run'], ['skip']],
    );
  });

  it('measures only that of several perf files of one project', async () => {
    const still = "import { known } from '../../../noun.ts';\nknown('still', 3);\n";
    const folder = join(create({ 'packages/one/perf/still.perf.ts': still }), 'packages/one');
    expect((await runCli(['run'], folder)).code).toBe(0);
    expect((await runCli(['baseline', 'set', 'main'], folder)).code).toBe(0);
    touch('one');
    const { stdout } = await runCli(['run', '--affected', '--against', 'main', '--json'], folder);
    const { run, comparison } = JSON.parse(stdout) as Report;
    expect(run.plan.benchmarks.map(({ id }) => id)).toEqual(['one']);
    expect(run.plan.selection!.map(({ file, decision }) => [file, decision])).toEqual([
      ['packages/one/perf/one.perf.ts', 'run'],
      ['packages/one/perf/still.perf.ts', 'skip'],
    ]);
    expect(comparison!.warnings.filter(({ code }) => code === 'removed')).toEqual([]);
  });

  it('measures nothing when nothing can have changed, and that is well', async () => {
    const root = create();
    repository.write({ 'README.md': 'words' });
    const { code, stderr } = await runCli(['run', '--affected'], root);
    expect(stderr.match(/0 of 1 perf file affected/g)).toHaveLength(2);
    expect(code).toBe(0);
  });
});

describe('perfkeel list', () => {
  it('shows what is declared, by project', async () => {
    const root = create();
    const { stdout, code } = await runCli(['list'], root);
    expect(stdout).toBe(
      'one\n  one  bench  packages/one/perf/one.perf.ts:3  [quick]\ntwo\n  two  bench  packages/two/perf/two.perf.ts:3  [quick]\n\n2 benchmarks\n',
    );
    expect(code).toBe(0);
    expect(JSON.parse((await runCli(['list', 'two', '--json'], root)).stdout)).toMatchObject({
      projects: [
        { project: 'two', benchmarks: [{ id: 'two', kind: 'bench', file: 'packages/two/perf/two.perf.ts', line: 3 }] },
      ],
    });
  });
});
