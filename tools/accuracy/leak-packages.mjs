/**
 * Growth of real published packages, from `node_modules` as they are installed: three that keep what they are given, by
 * design and documented, and those that are known to give back. Each runs in a process of its own; what keeps the memory
 * must be named in the first, and nothing may be called a leak in the others.
 *
 *     node tools/accuracy/leak-packages.mjs
 *     node tools/accuracy/leak-packages.mjs --duration 6s --program lru-cache
 *
 * Bars: growth found and named in at least three that keep, and at least five others not accused. Versions are part of the
 * answer. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';
import { packages } from './leak-programs/packages.mjs';

const { values: options } = parseArgs({
  options: { duration: { type: 'string', default: '2s' }, program: { type: 'string' } },
});

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** Packages stay outside of the bundle: what is measured is what a user installs. */
async function bundled(folder) {
  const outfile = join(folder, 'run.mjs');
  const entryPoints = [fileURLToPath(new URL('leak-packages-run.mjs', import.meta.url))];
  await buildFromSource({ entryPoints, outfile, external: [...Object.keys(packages), '@memlab/*'] });
  return outfile;
}

async function measure(file, name) {
  const args = ['--expose-gc', file, name, options.duration];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000, maxBuffer: 2 ** 24 });
  return JSON.parse(stdout);
}

function judge({ keeps }, { verdict, perIteration, named }) {
  if (keeps === undefined) return verdict !== 'leak';
  return verdict === 'leak' && perIteration > 0 && keeps.test(named ?? '');
}

const runs = await withFolder('leak-packages', async (folder) => {
  const file = await bundled(folder);
  const done = [];
  for (const [name, about] of Object.entries(packages)) {
    if (options.program !== undefined && options.program !== name) continue;
    const version = versionOf(name);
    if (version === undefined) {
      done.push({ name, missing: true, grows: about.keeps !== undefined });
      continue;
    }
    const result = await measure(file, name);
    done.push({ name, version, grows: about.keeps !== undefined, right: judge(about, result), ...result });
  }
  return done;
});

printTable([
  ['package', 'keeps memory', 'verdict', 'B per iteration', 'right'],
  ...runs.map(({ name, version = 'not installed', grows, verdict = '', perIteration, right }) => [
    `${name} ${version}`,
    grows ? 'yes' : 'no',
    verdict,
    perIteration === undefined ? '' : String(Math.round(perIteration)),
    right === undefined ? '' : right ? 'yes' : 'no',
  ]),
]);
for (const { name, named } of runs) if (named !== undefined) console.log(`${name}: ${named.replaceAll(root, '')}`);
const right = (grows) => runs.filter((run) => run.grows === grows && run.right === true).length;
const of = (grows) => runs.filter((run) => run.grows === grows && !run.missing).length;
const isEnough = options.program !== undefined || (right(true) >= 3 && right(false) >= 5);
process.exitCode = isEnough && runs.every((run) => run.right !== false) ? 0 : 1;
console.log(
  JSON.stringify({
    growing: { found: right(true), of: of(true) },
    wellBehaved: { notAccused: right(false), of: of(false) },
    missing: runs.filter(({ missing }) => missing).map(({ name }) => name),
    versions: Object.fromEntries(runs.filter(({ version }) => version).map(({ name, version }) => [name, version])),
    node: process.version,
    pressure: pressure(),
  }),
);
