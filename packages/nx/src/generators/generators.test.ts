import { createRequire } from 'node:module';
import {
  logger,
  readJson,
  readNxJson,
  updateJson,
  updateNxJson,
  type NxJsonConfiguration,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import init from './init.ts';
import perf from './perf.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
const defaults = { cache: false, parallelism: false, dependsOn: ['build', '^build'] };

// Formatting is Nx's, with whatever formatter the workspace has.
const skipFormat = true;

let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});
afterEach(() => vi.restoreAllMocks());

const text = (file: string): string | null => tree.read(file, 'utf-8');
const nxJson = (): NxJsonConfiguration => readNxJson(tree) ?? {};

function withNxJson(change: Partial<NxJsonConfiguration>): void {
  updateNxJson(tree, { ...nxJson(), ...change });
}

describe('init', () => {
  it('registers the plugin, its target defaults and the command, and has git ignore results', async () => {
    await init(tree, { skipFormat });
    expect(nxJson().plugins).toEqual(['@perfkeel/nx']);
    expect(nxJson().targetDefaults?.['perf']).toEqual(defaults);
    expect(readJson(tree, 'package.json')).toMatchObject({ devDependencies: { perfkeel: `^${version}` } });
    expect(text('.gitignore')?.split('\n')).toContain('.perf');
  });

  it('changes nothing when it is repeated', async () => {
    await init(tree, { skipFormat });
    const files = ['nx.json', 'package.json', '.gitignore'];
    const before = files.map(text);
    await init(tree, { skipFormat });
    expect(files.map(text)).toEqual(before);
  });

  it.each([
    ['as this package', '@perfkeel/nx'],
    ['by its entry point', '@perfkeel/nx/plugin'],
    ['with options', { plugin: '@perfkeel/nx', options: { targetName: 'perf' } }],
  ])('keeps a plugin that is there %s, and the other plugins', async (_, plugin) => {
    withNxJson({ plugins: ['@nx/js/typescript', plugin] });
    await init(tree, { skipFormat });
    expect(nxJson().plugins).toEqual(['@nx/js/typescript', plugin]);
  });

  it('gives the defaults to the target under the name that it has', async () => {
    withNxJson({ plugins: [{ plugin: '@perfkeel/nx', options: { targetName: 'measure' } }] });
    await init(tree, { skipFormat });
    expect(nxJson().targetDefaults?.['measure']).toEqual(defaults);
    expect(nxJson().targetDefaults).not.toHaveProperty('perf');
  });

  it('keeps the defaults that the workspace has written itself', async () => {
    withNxJson({ targetDefaults: { build: { cache: true }, perf: { dependsOn: ['compile'], inputs: ['default'] } } });
    await init(tree, { skipFormat });
    expect(nxJson().targetDefaults).toEqual({
      build: { cache: true },
      perf: { dependsOn: ['compile'], inputs: ['default'], cache: false, parallelism: false },
    });
  });

  it.each([
    ['completes the entry for every project', [{ dependsOn: [] }], [{ ...defaults, dependsOn: [] }]],
    [
      'adds one before those for some projects',
      [{ filter: { projects: ['a'] }, cache: true }],
      [defaults, { filter: { projects: ['a'] }, cache: true }],
    ],
    ['fills an empty list', [], [defaults]],
  ])('in a list of defaults %s, once', async (_, present, expected) => {
    withNxJson({ targetDefaults: { perf: present } });
    await init(tree, { skipFormat });
    await init(tree, { skipFormat });
    expect(nxJson().targetDefaults?.['perf']).toEqual(expected);
  });

  it.each([['.perf'], ['.perf/'], ['**/.perf/'], ['dist\n.perf\r\n']])('sees that %j is ignored', async (ignored) => {
    tree.write('.gitignore', ignored);
    await init(tree, { skipFormat });
    expect(text('.gitignore')).toBe(ignored);
  });

  it('appends to a .gitignore that ignores other things, with or without a new line at its end', async () => {
    tree.write('.gitignore', 'dist\n.perfkeel');
    await init(tree, { skipFormat });
    expect(text('.gitignore')).toBe('dist\n.perfkeel\n.perf\n');
    tree.write('.gitignore', '/.perf\n');
    await init(tree, { skipFormat });
    expect(text('.gitignore')).toBe('/.perf\n.perf\n');
  });

  it('keeps a version of the command that is there, and leaves package.json alone when told to', async () => {
    updateJson(tree, 'package.json', (json: object) => ({ ...json, devDependencies: { perfkeel: '0.0.9' } }));
    await init(tree, { skipFormat });
    expect(readJson(tree, 'package.json')).toMatchObject({ devDependencies: { perfkeel: '0.0.9' } });
    tree.write('package.json', '{}');
    await init(tree, { skipFormat, skipPackageJson: true });
    expect(readJson(tree, 'package.json')).toEqual({});
    tree.delete('package.json');
    await init(tree, { skipFormat });
    expect(tree.exists('package.json')).toBe(false);
  });
});

describe('perf', () => {
  beforeEach(() => {
    tree.write('packages/lib/project.json', JSON.stringify({ name: 'lib' }));
  });

  it('writes a configuration and a first benchmark, and sets up the workspace', async () => {
    await perf(tree, { project: 'lib', skipFormat });
    expect(text('packages/lib/perf.config.ts')).toBe(
      "import { defineConfig } from 'perfkeel';\n\nexport default defineConfig({});\n",
    );
    expect(text('packages/lib/perf/example.perf.ts')).toContain("bench('parse one order', {");
    expect(nxJson().plugins).toEqual(['@perfkeel/nx']);
    expect(nxJson().targetDefaults?.['perf']).toEqual(defaults);
  });

  it('finds a project that is only a package', async () => {
    updateJson(tree, 'package.json', (json: object) => ({ ...json, workspaces: ['packages/*'] }));
    tree.write('packages/plain/package.json', JSON.stringify({ name: '@scope/plain' }));
    await perf(tree, { project: '@scope/plain', skipFormat });
    expect(tree.exists('packages/plain/perf/example.perf.ts')).toBe(true);
  });

  it.each([['perf.config.ts'], ['perf.config.cjs'], ['perf/example.perf.ts']])(
    'refuses to overwrite %s and changes nothing',
    async (file) => {
      tree.write(`packages/lib/${file}`, 'mine');
      const before = text('nx.json');
      await expect(perf(tree, { project: 'lib', skipFormat })).rejects.toThrow(
        `packages/lib/${file} is there already. Remove it to start again; nothing was changed.`,
      );
      expect(text(`packages/lib/${file}`)).toBe('mine');
      expect(text('nx.json')).toBe(before);
    },
  );

  it('names the projects that there are when it does not know one', async () => {
    await expect(perf(tree, { project: 'lob', skipFormat })).rejects.toThrow(
      'There is no project "lob". There are: lib.',
    );
  });

  it.each([
    ['package.json', { name: 'lib', scripts: { perf: 'echo' } }, 'perf'],
    ['project.json', { name: 'lib', targets: { perf: { command: 'echo' } } }, 'perf'],
    ['package.json', { name: 'lib', scripts: { measure: 'echo' } }, 'measure'],
  ])('warns when %s replaces the target: %j', async (file, content, targetName) => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    withNxJson({ plugins: [{ plugin: '@perfkeel/nx', options: { targetName } }] });
    tree.write(`packages/lib/${file}`, JSON.stringify(content));
    await perf(tree, { project: 'lib', skipFormat });
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(
        new RegExp(`^packages/lib/${file} has its own "${targetName}" in (scripts|targets): it replaces`),
      ),
    ]);
  });

  it('does not warn otherwise', async () => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    tree.write('packages/lib/package.json', JSON.stringify({ name: 'lib', scripts: { build: 'tsup' } }));
    await perf(tree, { project: 'lib', skipFormat });
    expect(warn).not.toHaveBeenCalled();
  });
});
