import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from '../../../test/heap/parse.ts';
import { snapshotText } from '../../../test/heap/snapshot-text.ts';
import { fileOfFunction, fileOfVariable } from './written-file.ts';

const graph = parse(snapshotText([{}]));
let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'perfkeel-written-'));
  bundle = join(folder, 'bundle.mjs');
  const modules = {
    'main.ts': [
      `import { $all, Registry, use } from './lib.ts';`,
      `const kept: number[] = [1], { list } = JSON.parse('{}');`,
      `const same = $all;`,
      `globalThis.keep = () => [kept, list, same, Registry, use];`,
    ],
    'lib.ts': [
      `export const $all = new Map<number, number>();`,
      `export class Registry { static kept = [1]; }`,
      `export async function use() { const hidden = []; return () => hidden; }`,
    ],
  };
  for (const [name, lines] of Object.entries(modules)) await writeFile(join(folder, name), lines.join('\n'));
  await build({
    entryPoints: [join(folder, 'main.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    sourcemap: true,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['a constant', 'kept', 'main.ts'],
  ['one of many in a declaration', 'list', 'main.ts'],
  ['one that another only names', '$all', 'lib.ts'],
  ['a class', 'Registry', 'lib.ts'],
  ['a function', 'use', 'lib.ts'],
])('finds the module of %s in a bundle', (_, name, file) => {
  expect(fileOfVariable(graph, name, bundle)).toBe(join(folder, file));
});

it('says nothing of a variable that is not at the top, and of a script that is gone', () => {
  expect(fileOfVariable(graph, 'hidden', bundle)).toBe(undefined);
  expect(fileOfVariable(graph, 'kept', '/nowhere/bundle.mjs')).toBe(undefined);
});

it('leaves a function whose place is not known where its script is', () => {
  expect(fileOfFunction(graph, 1, bundle)).toBe(bundle);
  // The only place of this snapshot: the root, script 1, line 3, column 4, in a file without a source map.
  expect(fileOfFunction(graph, 0, '/nowhere/app.mjs')).toBe('/nowhere/app.mjs');
});
