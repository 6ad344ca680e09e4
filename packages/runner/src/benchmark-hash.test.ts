import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { metrics } from '@perfkeel/core';
import { hashBenchmarks } from './benchmark-hash.ts';
import type { DeclarationData } from './protocol.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'perfkeel-hash-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The hash of each `bench('name'` in a file, as if the line that holds it had declared it. */
async function hashesOf(text: string): Promise<Record<string, string>> {
  const file = join(folder, 'a.perf.ts');
  writeFileSync(file, text);
  const declared = [...text.matchAll(/bench\(\s*['"](.+?)['"]/g)].map((match): DeclarationData => {
    const before = text.slice(0, match.index).split('\n');
    const location = { file, line: before.length, column: before.at(-1)!.length + 1 };
    const data = { metrics: [metrics.timePerOperation], primary: 'time', quantiles: true, objectives: [] };
    return { name: match[1]!, kind: 'bench', rounds: 1, tags: [], location, ...data };
  });
  const hashes = await hashBenchmarks(file, declared);
  return Object.fromEntries(declared.map(({ name }, i) => [name, hashes[i]!]));
}

const original = `
import { bench } from 'perfkeel';
import { parse } from './parse.ts';
const texts = ['a', "b}"];
texts.push(\`c \${texts.length > 1 ? '}' : "{"} d\`);
function build(size: number): string { return [...texts].join('/').repeat(size); }
bench('parse', () => parse(build(10).replace(/[/}"]/g, '')));
const other = 5;
bench('render', { run: () => parse(String(other)) });
`;

it.each([
  ['a comment', '// why\n' + original.replace("bench('parse', ", "bench('parse', /* of ten */ ")],
  [
    'layout, quotes and a trailing comma',
    original.replace("bench('parse', () => ", 'bench(\n  "parse",\n  () =>\n    ').replace("'')));", "'')),\n);"),
  ],
  ['a type', original.replace('const texts =', 'const texts: string[] =')],
  ['its name', original.replace("'parse',", "'parse ten',").replace("'render'", "'draw'")],
  [
    'a first promise',
    original.replace(/\('parse', (.*)\);\n/, "('parse', { objectives: ['p99 < 1ms'], run: $1, rounds: 3 });\n"),
  ],
  ['where the code under test is', original.replace('./parse.ts', './lib/parse.ts')],
  ['what another benchmark does', original.replace('other = 5', 'other = 6')],
])('%s changes nothing', async (_, text) => {
  expect(text).not.toBe(original);
  expect(Object.values(await hashesOf(text))[0]).toBe((await hashesOf(original))['parse']);
});

it.each([
  ['its work', original.replace('build(10)', 'build(20)')],
  ['a helper that it calls', original.replace("join('/')", "join('-')")],
  ['data that the helper uses', original.replace("['a',", "['z',")],
  ['what fills that data', original.replace('length > 1', 'length > 2')],
])('%s changes its hash, and not that of its neighbour', async (_, text) => {
  const [before, after] = [await hashesOf(original), await hashesOf(text)];
  expect(after['parse']).not.toBe(before['parse']);
  expect(after['render']).toBe(before['render']);
});

it('a promise that is taken away again leaves the hash as it was', async () => {
  const promised = original.replace('{ run:', "{ objectives: ['p99 < 1ms'], tags: ['slow'], run:");
  expect(await hashesOf(promised)).toEqual(await hashesOf(original));
});

it('of a declaration made in another file is that of the whole perf file', async () => {
  const file = join(folder, 'b.perf.ts');
  const elsewhere = { file: '/p/helper.ts', line: 1, column: 1 };
  const data = { metrics: [], primary: 'time', quantiles: true, objectives: [], rounds: 1, tags: [], kind: 'bench' };
  const hash = async (text: string) => {
    writeFileSync(file, text);
    return (
      await hashBenchmarks(file, [
        { name: 'x', ...data, location: elsewhere },
        { name: 'y', ...data },
      ])
    ).join();
  };
  const first = await hash("import { timed } from './helper.ts';\ntimed('x', 1);\n");
  expect(await hash("import { timed } from './helper.ts';\ntimed('x', 2);\n")).not.toBe(first);
  expect(await hash("import { timed } from './other.ts';\ntimed('x', 1); // one\n")).toBe(first);
});
