import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);

export interface Bundle {
  /** Runs it in a fresh plain Node process; resolves with what it wrote to its standard output. */
  run(args: readonly string[], nodeOptions?: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Bundles a fixture with the packages' own source, as the product bundles a perf file. */
export async function bundleFixture(name: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-memory-'));
  const outfile = join(folder, 'fixture.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@perfkeel/source'],
    logLevel: 'silent',
  });
  return {
    run: async (args, nodeOptions = []) => (await run(process.execPath, [...nodeOptions, outfile, ...args])).stdout,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
