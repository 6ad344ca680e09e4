import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sourcePlaces } from './source-place.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(await realpath(tmpdir()), 'perfkeel-place-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(['inline', 'linked'] as const)('finds the line that was written, source map %s', async (sourcemap) => {
  const [source, outfile] = [join(folder, 'app.ts'), join(folder, `${sourcemap}.mjs`)];
  await writeFile(source, `interface Gone {\n  a: number;\n}\nexport const make = (): Gone => ({ a: 1 });\n`);
  await build({ entryPoints: [source], outfile, bundle: true, format: 'esm', sourcemap });
  const lines = (await readFile(outfile, 'utf8')).split('\n');
  const line = lines.findIndex((text) => text.includes('a: 1'));
  const place = { url: pathToFileURL(outfile).href, line: line + 1, column: lines[line]!.indexOf('a: 1') + 1 };
  expect(sourcePlaces()(place)).toMatchObject({ url: source, line: 4 });
});

it('leaves a place without a source map, and one that cannot be read', () => {
  const places = sourcePlaces();
  expect(places({ url: 'node:fs', line: 3, column: 7 })).toEqual({ url: 'node:fs', line: 3, column: 7 });
  const gone = { url: 'file:///nowhere/x.mjs', line: 1, column: 1 };
  expect(places(gone)).toEqual({ ...gone, url: '/nowhere/x.mjs' });
});
