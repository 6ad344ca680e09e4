import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownCode } from './own-code.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perfkeel-own-'));
  const manifests = {
    'package.json': { name: 'shop', private: true },
    'node_modules/perfkeel/package.json': { name: 'perfkeel' },
    'node_modules/@perfkeel/memory/package.json': { name: '@perfkeel/memory' },
    'node_modules/@perfkeel/memory/dist/package.json': { type: 'module' },
    'node_modules/perfkeel-plugin/package.json': { name: 'perfkeel-plugin' },
    'perf/package.json': { name: '@perfkeel/core-perf', private: true },
  };
  for (const [path, manifest] of Object.entries(manifests)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(manifest));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ['a source that the map of an installed package names', 'node_modules/@perfkeel/memory/src/repeat.ts', true],
  ['what is installed', 'node_modules/@perfkeel/memory/dist/index.js', true],
  ['the command itself', 'node_modules/perfkeel/bin/perfkeel.js', true],
  ['a package with a similar name', 'node_modules/perfkeel-plugin/dist/index.js', false],
  ['the code of the user', 'src/store.ts', false],
  ['a folder of the user', 'packages/memory/src/repeat.ts', false],
  ['what benchmarks of a package share', 'perf/src/orders.ts', false],
  ['a perf file inside of a package', 'node_modules/@perfkeel/memory/src/repeat.perf.ts', false],
])('tells %s', (_, path, own) => {
  expect(ownCode()(join(folder, path))).toBe(own);
});

it('knows the packages where they are written, and leaves what is no file', () => {
  expect(ownCode()(fileURLToPath(new URL('own-code.ts', import.meta.url)))).toBe(true);
  for (const place of ['node:fs', 'webpack://app/src/store.ts', '']) expect(ownCode()(place)).toBe(false);
});
