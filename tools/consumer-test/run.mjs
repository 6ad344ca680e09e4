// What npm users get: packs every package, installs the tarballs in an empty folder outside the workspace, and uses
// them there. Nothing of the workspace is visible from that folder.
//
//   node tools/consumer-test/run.mjs [--build] [--keep]
//
//   --build   builds the packages first; without it they must be built
//   --keep    leaves the folder for inspection
//
//   CONSUMER_NODE=22                  runs the installed packages on another Node, taken from the registry
//   CONSUMER_NODE=/path/to/bin/node   or from a file
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execute } from './execute.mjs';
import { createSteps } from './steps.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const { values: flags } = parseArgs({ options: { build: { type: 'boolean' }, keep: { type: 'boolean' } } });

/** The compilers under which the published types must hold; each is installed under its own name. */
const typeScripts = ['5.9', '6.0', '7.0'];
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => ({ folder, path: join(root, 'packages', folder) }))
  .filter(({ path }) => existsSync(join(path, 'package.json')))
  .map((found) => ({ ...found, manifest: readJson(join(found.path, 'package.json')) }))
  .filter(({ manifest }) => manifest.private !== true);

const { step, finish } = createSteps();
const consumer = mkdtempSync(join(tmpdir(), 'perfkeel-consumer-'));
const tarballs = join(consumer, 'tarballs');
const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: '1', NODE_OPTIONS: '', PERFKEEL_EXAMINE: '0' };

/** Runs a command in the consumer's folder, where nothing of the workspace may be found. */
const inConsumer = (command, args, options = {}) => execute(command, args, { cwd: consumer, env, ...options });

async function chooseNode() {
  const wanted = process.env.CONSUMER_NODE ?? process.execPath;
  let node = wanted;
  if (/^\d+(\.\d+)*$/.test(wanted)) {
    const print = ['-y', '-p', `node@${wanted}`, '--', 'node', '-p', 'process.execPath'];
    node = (await execute('npx', print, { cwd: consumer, env })).stdout.trim();
  }
  env.PATH = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${env.PATH}`;
  const { stdout } = await inConsumer(node, ['--version']);
  return { node, note: stdout.trim() };
}

/** Files that a manifest promises. */
function promisedFiles({ exports = {}, bin = {}, generators, files = [] }) {
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  );
  const folders = files.filter((file) => !/[*!]/.test(file));
  return [...targets, ...Object.values(bin), ...folders, ...(generators ? [generators] : [])];
}

function checkBuilt() {
  const lines = packages.flatMap(({ path, folder, manifest }) => {
    const missing = [...new Set(promisedFiles(manifest))].filter((file) => !existsSync(join(path, file)));
    return missing.length > 0 ? [`packages/${folder}: ${missing.join(' ')}`] : [];
  });
  if (lines.length === 0) return `${packages.length} packages`;
  throw new Error(`not built; run \`npm run build\` first, or pass --build. Missing:\n${lines.join('\n')}`);
}

const unwanted = /(\.test\.|\.tsbuildinfo$|(^|\/)(src|test|perf|node_modules|\.perf)\/)/;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

async function pack({ path }) {
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', tarballs], { cwd: path, env });
  // npm 11 prints a list, later ones an object keyed by name.
  const [packed] = Object.values(JSON.parse(stdout));
  const names = packed.files.map((file) => file.path);
  const wrong = names.filter((name) => unwanted.test(name));
  const absent = ['README.md', 'LICENSE', 'package.json'].filter((name) => !names.includes(name));
  if (wrong.length > 0) throw new Error(`holds what nobody needs: ${wrong.join(', ')}`);
  if (absent.length > 0) throw new Error(`lacks ${absent.join(', ')}`);
  return `${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked, ${packed.entryCount} files`;
}

/** Peers and compilers as this workspace has them; everything else comes with the tarballs. */
async function install() {
  const own = readJson(join(root, 'package.json')).devDependencies;
  const peers = new Set(packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})));
  const compilers = typeScripts.map((version) => [`typescript-${version}`, `npm:typescript@~${version}.0`]);
  const others = ['@types/node', ...peers].map((name) => [name, own[name]]);
  const local = readdirSync(tarballs).map((file) => `./tarballs/${file}`);
  const devDependencies = Object.fromEntries([...compilers, ...others]);
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', devDependencies }, null, 2),
  );
  await inConsumer('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...local], { timeout: 300_000 });
  const linked = packages.filter(({ manifest }) => !existsSync(join(consumer, 'node_modules', manifest.name)));
  if (linked.length > 0) throw new Error(`not installed: ${linked.map(({ manifest }) => manifest.name).join(', ')}`);
  const { packages: installed } = readJson(join(consumer, 'node_modules/.package-lock.json'));
  const copies = Object.keys(installed).filter((path) =>
    /node_modules\/.+node_modules\/(@perfkeel\/|perfkeel$)/.test(path),
  );
  if (copies.length > 0) throw new Error(`installed twice: ${copies.join(', ')}`);
  return `${Object.keys(installed).length} packages with their dependencies`;
}

/** No file that was published may name a place on the machine that built it. */
function checkPaths() {
  const inside = (folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const files = packages.flatMap(({ manifest }) => inside(join(consumer, 'node_modules', manifest.name)));
  const place = root.replace(/[\\/]$/, '');
  const wrong = files.filter((file) => readFileSync(file, 'utf8').includes(`${place}/`));
  if (wrong.length > 0) throw new Error(`names ${place}: ${wrong.map((file) => relative(consumer, file)).join(', ')}`);
  return `${files.length} files`;
}

/** `@perfkeel/core`, `@perfkeel/core/schema`: what can be imported as code. */
const entriesOf = ({ manifest }) =>
  Object.keys(manifest.exports ?? {})
    .filter((key) => !key.endsWith('.json'))
    .map((key) => `${manifest.name}${key.slice(1)}`);

const loaders = {
  import: ['--input-type=module', '-e', 'console.log(JSON.stringify(Object.keys(await import(process.argv[1]))))'],
  require: ['--input-type=commonjs', '-e', 'console.log(JSON.stringify(Object.keys(require(process.argv[1]))))'],
};

async function load(node, entry, how) {
  const { stdout, stderr } = await inConsumer(node, [...loaders[how], entry], { timeout: 30_000 });
  if (stderr !== '') throw new Error(`${how} of ${entry} warns:\n${stderr}`);
  const lines = stdout.trim().split('\n');
  if (lines.length !== 1) throw new Error(`${how} of ${entry} prints:\n${stdout}`);
  const names = JSON.parse(lines[0]).filter((name) => name !== '__esModule' && name !== 'module.exports');
  if (names.length === 0) throw new Error(`${how} of ${entry} gives nothing`);
  return names.sort().join(' ');
}

/** Each entry point in a process of its own, so that none leans on what another has loaded. */
async function importAlone(node, entries) {
  for (const entry of entries) {
    const [esm, cjs] = [await load(node, entry, 'import'), await load(node, entry, 'require')];
    if (esm !== cjs) throw new Error(`${entry} gives ${esm} to import, and ${cjs} to require`);
  }
  return `${entries.length} entry point${entries.length === 1 ? '' : 's'}, ESM and CJS`;
}

/** A program that touches every entry point of some packages. */
function writeEntries(file, some) {
  const entries = some.flatMap(entriesOf);
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const uses = `export const entries: readonly object[] = [${entries.map((_, index) => `entry${index}`).join(', ')}];`;
  writeFileSync(join(consumer, file), [...imports, uses, ''].join('\n'));
}

/** The hand-written programs, and those that are about every package. */
function writePrograms() {
  cpSync(fixtures, consumer, { recursive: true });
  const hasPeers = ({ manifest }) => Object.keys(manifest.peerDependencies ?? {}).length > 0;
  const plain = packages.filter((found) => !hasPeers(found));
  writeEntries('every-entry.ts', plain);
  // The declarations of Nx itself do not hold when they are checked, so its users skip that, and this program too.
  writeEntries('every-entry-with-peers.ts', packages.filter(hasPeers));
}

async function typeCheck(node, version) {
  const compiler = join(consumer, 'node_modules', `typescript-${version}`);
  const tsc = join(compiler, readJson(join(compiler, 'package.json')).bin.tsc);
  const projects = ['tsconfig.json', 'tsconfig.bundler.json', 'tsconfig.peers.json'];
  for (const project of projects) await inConsumer(node, [tsc, '-p', project], { timeout: 180_000 });
  return `TypeScript ${readJson(join(compiler, 'package.json')).version}, nodenext and bundler, libraries checked too`;
}

async function showHelp() {
  const { stdout } = await inConsumer('npx', ['--no-install', 'perfkeel', '--help'], { timeout: 60_000 });
  const absent = ['run', 'compare', 'report', 'baseline', 'init', 'doctor'].filter((word) => !stdout.includes(word));
  if (absent.length > 0) throw new Error(`--help does not name ${absent.join(', ')}:\n${stdout}`);
  return `${stdout.trim().split('\n').length} lines`;
}

/** `perfkeel run` in one of the consumer's projects; its run file must be one that the published schema accepts. */
async function perfRun(node, project, exitCode, kind) {
  const cwd = join(consumer, project);
  const bin = join(
    consumer,
    'node_modules/perfkeel',
    readJson(join(consumer, 'node_modules/perfkeel/package.json')).bin.perfkeel,
  );
  await inConsumer(node, [bin, 'run'], { cwd, expected: exitCode, timeout: 180_000 });
  const file = join(cwd, '.perf/latest/run.json');
  const parse =
    "const { parseRun } = await import('@perfkeel/core/schema'); const { readFileSync } = await import('node:fs');" +
    "const run = parseRun(JSON.parse(readFileSync(process.argv[1], 'utf8')), process.argv[1]);" +
    'console.log(JSON.stringify([run.verdict.kind, run.benchmarks.length, run.measurements.length]));';
  const { stdout } = await inConsumer(node, ['--input-type=module', '-e', parse, file]);
  const [verdict, benchmarks, measurements] = JSON.parse(stdout);
  if (verdict !== kind) throw new Error(`the verdict in run.json is ${verdict}, not ${kind}`);
  return `exit ${exitCode}, ${verdict}: ${benchmarks} benchmarks, ${measurements} measurements`;
}

async function main() {
  mkdirSync(tarballs);
  const chosen = await step('node', chooseNode);
  if (!chosen) return;
  const { node } = chosen;
  if (flags.build) await step('build', () => execute('npm', ['run', 'build'], { cwd: root, timeout: 600_000 }));
  if (!(await step('built', checkBuilt))) return;
  for (const found of packages) await step(`pack ${found.manifest.name}`, () => pack(found));
  if (!(await step('install the tarballs', install))) return;
  await step('no paths of this machine', checkPaths);
  for (const found of packages) await step(`import ${found.manifest.name}`, () => importAlone(node, entriesOf(found)));
  writePrograms();
  for (const version of typeScripts) await step(`types under ${version}`, () => typeCheck(node, version));
  await step('npx perfkeel --help', showHelp);
  await step('perfkeel run, kept promises', () => perfRun(node, 'kept', 0, 'pass'));
  await step('perfkeel run, a broken promise', () => perfRun(node, 'broken', 1, 'fail'));
}

try {
  await main();
} finally {
  if (flags.keep) console.log(`kept ${consumer}`);
  else rmSync(consumer, { recursive: true, force: true, maxRetries: 3 });
}
finish();
