// The Nx plugin as its users get it, under every Nx that it promises: packs it, installs the tarball with that Nx in
// a small workspace outside this one, runs its generators there, and has Nx run what it infers.
//
//   node tools/nx-matrix/run.mjs [--keep] [version…]
//
//   version   of Nx, or its beginning: 23 for the one of the list that begins so, 23.1.3 for exactly that one
//   --keep    leaves the workspaces for inspection
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execute } from '../consumer-test/execute.mjs';
import { tryNx } from './try-nx.mjs';

/** The lowest that package.json allows, the newest of every major, and what this workspace uses. */
const supported = ['20.8.0', '21.6.11', '22.7.8', '23.2.1', '24.0.0'];

// Installing is mostly waiting, and running mostly computing.
const atOnce = 2;

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
const versions = positionals.length === 0 ? supported : [...new Set(positionals.flatMap(chosen))];

function chosen(wanted) {
  const matching = supported.filter((version) => version === wanted || version.startsWith(`${wanted}.`));
  if (matching.length > 0) return matching;
  if (/^\d+\.\d+\.\d+/.test(wanted)) return [wanted];
  console.error(`nx-matrix: no Nx ${wanted} in the list (${supported.join(', ')}): give a whole version`);
  process.exit(2);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-nx-matrix-')));

/** Builds the plugin and packs it. */
async function pack() {
  const plugin = fileURLToPath(new URL('../../packages/nx', import.meta.url));
  await execute('npm', ['run', 'build'], { cwd: plugin });
  const packed = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: plugin });
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
  return join(folder, filename);
}

async function report(version, tarball) {
  const started = performance.now();
  const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const root = join(folder, version);
  mkdirSync(root);
  try {
    const { installed } = await tryNx(version, tarball, root);
    console.log(`ok    nx ${version}  ${took()} (installing ${installed} s)`);
    return true;
  } catch (error) {
    console.log(`FAIL  nx ${version}  ${took()}\n      ${error.message.replaceAll('\n', '\n      ')}`);
    return false;
  } finally {
    if (!flags.keep) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

try {
  const tarball = await pack();
  const waiting = [...versions];
  const outcomes = [];
  const worker = async () => {
    for (let version = waiting.shift(); version !== undefined; version = waiting.shift()) {
      outcomes.push(await report(version, tarball));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const failed = outcomes.filter((ok) => !ok).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  console.error(`nx-matrix: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (flags.keep) console.log(`kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
