import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainGrowth } from './explain-growth.ts';
import type { GrowthFinding } from './growth/growth-finding.ts';

const fixtures = fileURLToPath(new URL('../../test/heap/fixtures/shapes', import.meta.url));
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perfkeel-explain-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The program in a process of its own, bundled and started as perf files are, in the folder that it lies in. */
async function explained(kind: 'leaking' | 'clean'): Promise<GrowthFinding[]> {
  const outfile = join(folder, '.perf', 'bundles', `${kind}.mjs`);
  await build({
    ...{ absWorkingDir: fixtures, entryPoints: ['shapes.ts'], outfile, bundle: true },
    ...{ platform: 'node', format: 'esm', target: `node${process.versions.node}` },
    ...{ conditions: ['@perfkeel/source'], sourcemap: 'linked', sourcesContent: false },
  });
  const options = { cwd: fixtures, env: { ...process.env, TMPDIR: folder, NODE_V8_COVERAGE: '' } };
  const { stdout } = await promisify(execFile)(process.execPath, ['--enable-source-maps', outfile, kind], options);
  return JSON.parse(stdout) as GrowthFinding[];
}

describe('explainGrowth', { timeout: 120_000 }, () => {
  it('names the containers, the modules that keep them and the lines that fill them, as they were written', async () => {
    const findings = await explained('leaking');
    expect(findings.map(({ container, at, keeper }) => [container, at, keeper].join(' | ')).sort()).toEqual([
      'Array | store.#entries | module shapes.ts',
      'Array | undone | module shapes.ts',
      "EventEmitter.listeners 'data' of EventEmitter | bus | module shapes.ts",
      'Map | byId | module lib/store.ts',
    ]);
    const [first] = findings;
    const places = first!.allocatedAt!.map(({ url, line }) => `${relative(fixtures, url)}:${line}`);
    // The lines in which the functions begin. The loop over the cycle is not one of them.
    expect(new Set(places)).toEqual(new Set(['lib/store.ts:9', 'lib/store.ts:20', 'shapes.ts:12', 'shapes.ts:14']));
    expect(first!.sentence).toMatch(/, kept by module .*: \+1 .*; allocated at (?:lib\/store|shapes)\.ts:\d+$/);
    const left = await readdir(folder);
    expect(left.filter((name) => name.startsWith('perfkeel-heap'))).toEqual([]);
  });

  it('finds nothing where nothing is kept', async () => {
    expect(await explained('clean')).toEqual([]);
  });

  it.each([
    ['no function', { iterate: 1 as never }],
    ['a part of an iteration', { iterate: () => 1, iterations: 0.5 }],
  ])('refuses %s', async (_, options) => {
    await expect(explainGrowth(options)).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
  });
});
