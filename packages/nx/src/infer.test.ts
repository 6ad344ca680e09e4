import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder, write } from '../test/workspace.ts';
import * as index from './index.ts';
import { inferPerfTargets } from './infer.ts';
import * as plugin from './plugin.ts';
import type { PerfPluginOptions } from './options.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

write(folder.root, {
  'package.json': { name: 'root' },
  'packages/a/package.json': { name: 'a' },
  'packages/project-json/project.json': {},
  'packages/nameless/package.json': { private: true },
  'packages/broken/package.json': '{ "name": ',
  'packages/a/fixtures/perf.config.ts': 'export default {};',
});

type NamedInputs = Record<string, string[]>;

async function infer(files: readonly string[], options?: PerfPluginOptions, namedInputs?: NamedInputs) {
  const nxJsonConfiguration = namedInputs === undefined ? {} : { namedInputs };
  const results = await inferPerfTargets[1](files, options, { nxJsonConfiguration, workspaceRoot: folder.root });
  return results.map(([file, { projects }]) => [file, projects] as const);
}

async function targetOf(options?: PerfPluginOptions, namedInputs?: NamedInputs) {
  const [[, projects] = []] = await infer(['packages/a/perf.config.ts'], options, namedInputs);
  return projects?.['packages/a']?.targets;
}

describe('inferPerfTargets', () => {
  it('gives a project the target that measures it', async () => {
    expect(await infer(['packages/a/perf.config.ts'])).toEqual([
      [
        'packages/a/perf.config.ts',
        {
          'packages/a': {
            root: 'packages/a',
            targets: {
              perf: {
                command: 'perfkeel run',
                options: { cwd: 'packages/a' },
                cache: false,
                parallelism: false,
                dependsOn: ['build', '^build'],
                inputs: [
                  'default',
                  '!{projectRoot}/**/*.{md,mdx}',
                  '!{projectRoot}/**/*.{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
                  '!{projectRoot}/docs/**/*',
                  '^default',
                ],
                outputs: ['{projectRoot}/.perf/latest'],
                metadata: {
                  technologies: ['perfkeel'],
                  description: 'Measures the benchmarks of this project and judges their objectives',
                  help: { command: 'npx perfkeel run --help', example: { args: ['--short'] } },
                },
              },
            },
          },
        },
      ],
    ]);
  });

  it.each([
    ['no named inputs', undefined, '^default'],
    ['other named inputs', { default: ['{projectRoot}/**/*'] }, '^default'],
    ['production', { production: ['default'] }, '^production'],
  ])('with %s takes %j of the dependencies as %s', async (_, namedInputs, expected) => {
    expect((await targetOf({}, namedInputs))?.['perf']?.inputs?.at(-1)).toBe(expected);
  });

  it.each([
    ['no options', undefined, 'perf'],
    ['empty options', {}, 'perf'],
    ['a name', { targetName: 'measure' }, 'measure'],
  ])('with %s names the target', async (_, options, expected) => {
    expect(Object.keys((await targetOf(options)) ?? {})).toEqual([expected]);
  });

  it.each([[''], [' '], [7]])('refuses %j as a name, and says what to write', async (targetName) => {
    await expect(async () => targetOf({ targetName } as PerfPluginOptions)).rejects.toThrow(
      `targetName is ${JSON.stringify(targetName)}, expected the name of a target. Correct it in the plugin's options in nx.json`,
    );
  });

  it.each([
    ['the workspace itself', 'perf.config.ts', ['.']],
    ['a project.json', 'packages/project-json/perf.config.mjs', ['packages/project-json']],
    ['a package without a name', 'packages/nameless/perf.config.ts', []],
    ['a package.json that does not parse', 'packages/broken/perf.config.ts', []],
    ['a folder inside a project', 'packages/a/fixtures/perf.config.ts', []],
  ])('makes no new project: %s', async (_, file, roots) => {
    const results = await infer([file]);
    expect(results.flatMap(([, projects]) => Object.keys(projects ?? {}))).toEqual(roots);
  });
});

describe('the module', () => {
  it('offers one tuple under both names that Nx calls, and a name of its own', () => {
    expect(plugin.createNodesV2).toBe(plugin.createNodes);
    expect(plugin.name).toBe('@perfkeel/nx');
  });

  it('is the same through the package and through its entry point for the workspace', () => {
    expect(index).toEqual(plugin);
  });
});
