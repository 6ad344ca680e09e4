/** What the accuracy benches of load share: the package from source, servers in C, and what else the machine does. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildFromSource, root } from './from-source.mjs';

export { pressure } from './machine.mjs';
export { root };

/** The exports of packages/load, from source, with the thread that sends beside them. */
export async function importLoad() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'load-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const source = join(root, 'packages/load/src');
  await buildFromSource({
    entryPoints: { load: join(source, 'index.ts'), 'load-worker': join(source, 'workers/load-worker.ts') },
    outdir: folder,
    splitting: true,
    external: ['autocannon', 'undici'],
  });
  return import(pathToFileURL(join(folder, 'load.js')).href);
}

/** Compiles a C server of this folder, starts it, and ends it behind the work, which can ask what it has printed. */
export async function withServer(name, args, work) {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-server-'));
  let server;
  try {
    const program = join(folder, name);
    execFileSync('gcc', ['-O2', '-o', program, fileURLToPath(new URL(`${name}.c`, import.meta.url))]);
    server = spawn(program, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    server.stdout.on('data', (text) => (printed += text));
    await once(server.stdout, 'data');
    return await work(`http://127.0.0.1:${parseInt(printed, 10)}`, server.pid, () => printed);
  } finally {
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

export const round = (value, digits = 3) => Number(value.toFixed(digits));

/** A table for people. */
export function printTable(rows) {
  const texts = rows.map((row) => row.map(String));
  const widths = texts[0].map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  for (const row of texts) console.log(row.map((cell, i) => cell.padStart(widths[i])).join('  '));
}
