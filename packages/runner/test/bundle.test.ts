import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { bundleFile } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());
const create = (files: Record<string, string>): TempProject => (project = createTempProject(files));
const outdirOf = (root: string): string => join(root, '.perf', 'bundles');
// Without colours, whatever the terminal or host of this run asks for.
const env = { ...process.env, FORCE_COLOR: '0' };
const output = (file: string): string =>
  execFileSync(process.execPath, ['--enable-source-maps', file], { encoding: 'utf8', env });

it('takes in own sources, also without extension, and runs in plain Node', async () => {
  const { root } = create({
    'a.perf.ts': "import { double } from './lib/double';\nconsole.log(double(21));",
    'lib/double.ts': 'export const double = (n: number): number => n * 2;',
  });
  const bundle = await bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) });
  expect(output(bundle.file)).toBe('42\n');
  expect(bundle.inputs).toEqual([join(root, 'lib/double.ts'), join(root, 'a.perf.ts')]);
});

it('has the same hash for the same code in another place, and another for other code', async () => {
  const text = 'console.log(1);';
  const hashes: string[] = [];
  for (const source of [text, text, 'console.log(2);']) {
    const copy = createTempProject({ 'a.perf.ts': source });
    const { root } = copy;
    hashes.push((await bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) })).hash);
    copy.remove();
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[2]).not.toBe(hashes[0]);
});

it('keeps functions as they are written: no helper wraps a name', async () => {
  const { root } = create({
    'a.perf.ts': 'export const make = () => { const inner = () => 1; return inner; };\nconsole.log(make()());',
  });
  const { file } = await bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) });
  expect(readFileSync(file, 'utf8')).not.toMatch(/__name|defineProperty/);
});

it('leaves an installed package outside, and takes in one that is TypeScript under a condition', async () => {
  const { root } = create({
    'a.perf.ts':
      "import pc from 'picocolors';\nimport { median } from '@perfkeel/core';\nconsole.log(typeof pc.red, median([3, 1, 2]));",
  });
  const { file, imports } = await bundleFile(join(root, 'a.perf.ts'), {
    outdir: outdirOf(root),
    conditions: ['@perfkeel/source'],
  });
  expect(imports).toContain('picocolors');
  const code = readFileSync(file, 'utf8');
  expect(code).toMatch(/from "picocolors"/);
  expect(code).not.toMatch(/from "@perfkeel\/core"/);
  expect(output(file)).toBe('function 2\n');
});

it('says what it leaves outside, by every way of importing that is written out', async () => {
  const { root } = create({
    'a.perf.ts': `import pc from 'picocolors'; import { old } from './old.cjs'; import { readFile } from 'node:fs/promises';
      import type { Plugin } from 'esbuild';
      export const late = (): unknown => import('tinyglobby'); console.log(pc, old, readFile);`,
    'old.cjs': "exports.old = require('yaml/util');",
  });
  const { imports } = await bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) });
  expect(imports.filter((name) => !name.startsWith('node:')).sort()).toEqual([
    ...['picocolors', 'tinyglobby', 'yaml/util'],
  ]);
});

it('lets every source file find what lies beside it', async () => {
  const { root } = create({
    'a b/a.perf.ts': `import { readFileSync } from 'node:fs';
      import { text } from '../lib/helper.ts';
      console.log(readFileSync(new URL('./data.txt', import.meta.url), 'utf8'), text, import.meta.dirname);`,
    'a b/data.txt': 'mine',
    'lib/helper.ts':
      "import { readFileSync } from 'node:fs'; import { join } from 'node:path';\nexport const text = readFileSync(join(__dirname, 'data.txt'), 'utf8');",
    'lib/data.txt': 'theirs',
  });
  const { file } = await bundleFile(join(root, 'a b/a.perf.ts'), { outdir: outdirOf(root) });
  expect(output(file)).toBe(`mine theirs ${join(root, 'a b')}\n`);
  expect(readFileSync(file, 'utf8')).not.toContain(root);
});

it('points stacks at the line of the user', async () => {
  const { root } = create({
    'a.perf.ts':
      'interface Unused { a: 1 }\n\nfunction broken(): never {\n  throw new Error("here");\n}\ntry { broken(); } catch (error) { console.log((error as Error).stack); }',
  });
  const { file } = await bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) });
  expect(output(file)).toContain(`${join(root, 'a.perf.ts')}:4:9`);
});

it.each(['a b.perf.ts', '#1 100%25 ü?.perf.ts', `${'long'.repeat(55)}.perf.ts`])(
  'whatever the file is called, stacks point at it: %.20s',
  async (name) => {
    const { root } = create({ [`perf/${name}`]: '\n\nconsole.log(new Error("here").stack);' });
    const { file } = await bundleFile(join(root, 'perf', name), { outdir: outdirOf(root) });
    expect(output(file)).toContain(`${join(root, 'perf', name)}:3:13`);
  },
);

it('measures the version of a package that the importing file gets, and not the one that the bundle would', async () => {
  const { root } = create({
    'perf/a.perf.ts':
      "import pc from 'picocolors'; import { own, old } from '../lib/b.js'; console.log(own, old, typeof pc.red);",
    'lib/b.js': "import own from 'picocolors'; import { old } from './c.cjs'; export { own, old };",
    'lib/c.cjs': "exports.old = require('picocolors');",
    'lib/node_modules/picocolors/package.json': '{ "name": "picocolors", "main": "index.js" }',
    'lib/node_modules/picocolors/index.js': "module.exports = 'nested';",
  });
  const { file, imports } = await bundleFile(join(root, 'perf/a.perf.ts'), { outdir: outdirOf(root) });
  expect(output(file)).toBe('nested nested function\n');
  expect(imports.filter((name) => name.includes('picocolors')).sort()).toEqual([
    ...[pathToFileURL(join(root, 'lib/node_modules/picocolors/index.js')).href, 'picocolors'],
  ]);
});

it('names the file when an import leads nowhere', async () => {
  const { root } = create({ 'a.perf.ts': "import { x } from './missing';\nconsole.log(x);" });
  await expect(bundleFile(join(root, 'a.perf.ts'), { outdir: outdirOf(root) })).rejects.toMatchObject({
    code: 'does-not-compile',
    hint: 'Is the path right? "./missing" is relative to this file.',
    location: { file: join(root, 'a.perf.ts'), line: 1, column: 19 },
  });
});
