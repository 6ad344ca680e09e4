import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainGrowth } from './explain-growth.ts';
import type { GrowthFinding } from './growth/growth-finding.ts';

const program = fileURLToPath(new URL('../../test/heap/fixtures/explain.ts', import.meta.url));
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perfkeel-explain-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The program in a process of its own, bundled as perf files are. */
async function explained(kind: string, sourcemap: 'inline' | 'linked'): Promise<GrowthFinding[]> {
  const outfile = join(folder, `${kind}-${sourcemap}.mjs`);
  const conditions = ['@perfkeel/source'];
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions,
    sourcemap,
  });
  const options = { cwd: folder, env: { ...process.env, TMPDIR: folder } };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, kind], options);
  return JSON.parse(stdout) as GrowthFinding[];
}

describe('explainGrowth', { timeout: 120_000 }, () => {
  it('names the container, and the line through a source map in a file', async () => {
    const sourcemap = 'linked';
    const [first, ...rest] = await explained('leaking', sourcemap);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ container: 'Map', at: 'cache', keeper: `module leaking-${sourcemap}.mjs` });
    expect(first!.classes[0]).toMatchObject({ name: 'Entry', count: expect.closeTo(1, 1) as number });
    // The class is on line 5 of the fixture, and the function that makes one and keeps it begins on line 10.
    expect(first!.allocatedAt!.map(({ url }) => url)).toContain(program);
    expect([5, 6, 7, 10, 11]).toContain(first!.allocatedAt![0]!.line);
    expect(first!.sentence).toMatch(/^Map \(cache\), kept by module .*: \+1 Entry, .* allocated at .*explain\.ts:\d+$/);
    const left = await readdir(folder);
    expect(left.filter((name) => name.startsWith('perfkeel-heap'))).toEqual([]);
  });

  it('finds nothing where nothing is kept', async () => {
    expect(await explained('clean', 'inline')).toEqual([]);
  });

  it.each([
    ['no function', { iterate: 1 as never }],
    ['a part of an iteration', { iterate: () => 1, iterations: 0.5 }],
  ])('refuses %s', async (_, options) => {
    await expect(explainGrowth(options)).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
  });
});
