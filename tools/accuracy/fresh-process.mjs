/** What the accuracy benches share: programs bundled from source, run in fresh processes, and the load meanwhile. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildFromSource, root } from './from-source.mjs';

export { pressure } from './machine.mjs';
export { root };

/** Inside the workspace, so that packages which stay outside of a bundle are found. */
export async function withFolder(name, work) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bundles a program as if it stood in packages/latency, with the workspace's packages from source. */
export async function bundle(program, outfile) {
  await buildFromSource({
    stdin: { contents: program, resolveDir: join(root, 'packages/latency'), sourcefile: 'program.ts', loader: 'ts' },
    outfile,
    external: ['mitata'],
  });
  return outfile;
}

/** What a program prints as JSON, in a process of its own with the flags that the runner gives. */
export async function inFreshProcess(file, args) {
  const options = { timeout: 60_000, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file, ...args.map(String)], options);
  return JSON.parse(stdout);
}

/** A table for people. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
  }
}
