/**
 * Three snapshots of the programs of the leak corpus, with 1000 iterations between them: what does `memlab find-leaks` see
 * in them, by its own rules and with a filter that lets every object pass, and what does our explanation name?
 *
 *     node tools/accuracy/leak-memlab.mjs                     what was looked at so far
 *     node tools/accuracy/leak-memlab.mjs --minutes 5         programs that were not looked at yet
 *     node tools/accuracy/leak-memlab.mjs --minutes 1 --program timer
 *
 * Adds up in tools/accuracy/.data. A leak counts as found by memlab when it reports any trace; by us when the container is
 * named that keeps it. Snapshots are taken inside of the program: what that leaves behind is in them, and an object of it
 * passes a filter that lets every object pass. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';
import { pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';
import { clean } from './leak-programs/clean.mjs';
import { leaking } from './leak-programs/leaking.mjs';

const { values: options } = parseArgs({
  options: { program: { type: 'string', multiple: true }, minutes: { type: 'string', default: '0' } },
});
const store = fileURLToPath(new URL('.data/leak-memlab.ndjson', import.meta.url));
const run = promisify(execFile);

/** What @memlab/api does with three files, through the package that both stand on. */
const memlabProgram = `
const [path, folder, filter, ...files] = process.argv.slice(1);
const { analysis, config, fileManager } = require(path);
fileManager.initDirs(config, { workDir: folder });
config.useExternalSnapshot = true;
config.externalSnapshotFilePaths = files;
if (filter === 'every') config.externalLeakFilter = { leakFilter: () => true };
analysis.checkLeak().then((leaks) => {
  process.stderr.write('traces=' + leaks.length + ';');
  process.exit(0);
}, (error) => { console.error(error); process.exit(1); });
`;

/** The core of memlab, as its analyses find it. */
const memlab = createRequire(createRequire(join(root, 'package.json')).resolve('@memlab/heap-analysis')).resolve(
  '@memlab/core',
);

async function bundled(folder) {
  const outfile = join(folder, 'run.mjs');
  const entryPoints = [fileURLToPath(new URL('leak-memlab-run.mjs', import.meta.url))];
  await buildFromSource({ entryPoints, outfile, external: ['@memlab/*'] });
  return outfile;
}

const lastWords = ({ message, killed }) => (killed ? 'stopped after 2 minutes' : message.trim().split('\n').at(-1));

/** Traces that it reports, or `undefined` when it fails. */
async function tracesBy(filter, work, files) {
  mkdirSync(work, { recursive: true });
  const settings = { cwd: work, timeout: 120_000, maxBuffer: 2 ** 26 };
  try {
    const { stderr } = await run(
      process.execPath,
      ['--max-old-space-size=4096', '--eval', memlabProgram, memlab, work, filter, ...files],
      settings,
    );
    return Number(/traces=(\d+)/.exec(stderr)[1]);
  } catch (error) {
    console.error(`memlab, ${filter}: ${lastWords(error)}`);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Snapshots are kept compressed, and memlab reads them as the engine writes them. */
function unpacked(file) {
  if (!file.endsWith('.br')) return file;
  const whole = file.slice(0, -'.br'.length);
  writeFileSync(whole, brotliDecompressSync(readFileSync(file)));
  return whole;
}

async function look(program, file, folder) {
  const snapshots = join(folder, 'snapshots');
  mkdirSync(snapshots, { recursive: true });
  try {
    const settings = { timeout: 120_000, maxBuffer: 2 ** 24 };
    const { stdout } = await run(process.execPath, ['--expose-gc', file, program, snapshots], settings);
    const paths = readdirSync(snapshots)
      .toSorted()
      .map((name) => unpacked(join(snapshots, name)));
    const [own, every] = [
      await tracesBy('own', join(folder, 'own'), paths),
      await tracesBy('every', join(folder, 'every'), paths),
    ];
    return { program, findings: JSON.parse(stdout), own, every };
  } finally {
    rmSync(snapshots, { recursive: true, force: true });
  }
}

const count = (list, keep) => list.filter(keep).length;
const names = ({ program, findings }) =>
  findings.some(({ container, sentence }) => leaking[program].container.test(`${container} ${sentence}`));

/** The last look at each program. */
function recorded() {
  if (!existsSync(store)) return new Map();
  const lines = readFileSync(store, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => JSON.parse(line)).map((one) => [one.program, one]));
}

/** Leaks and clean programs in turns, so that an end before all were looked at leaves some of both. */
function wanted() {
  const known = recorded();
  const isNew = (name) => (options.program ? options.program.includes(name) : !known.has(name));
  const [quiet, loud] = [Object.keys(clean), Object.keys(leaking).filter((name) => !leaking[name].elsewhere)];
  return quiet.flatMap((name, i) => [...loud.slice(i, i + 1), name]).filter(isNew);
}

async function collect(folder) {
  const file = await bundled(folder);
  const until = Date.now() + Number(options.minutes) * 60_000;
  mkdirSync(dirname(store), { recursive: true });
  for (const program of wanted()) {
    if (Date.now() > until) return;
    appendFileSync(store, `${JSON.stringify(await look(program, file, folder))}\n`);
  }
}

if (Number(options.minutes) > 0) await withFolder('leak-memlab', collect);
const looks = [...recorded().values()];
if (looks.length === 0) throw new Error('nothing has been looked at: --minutes 5');
const isClean = ({ program }) => program in clean;
printTable([
  ['traces', 'keeps memory', 'memlab', 'memlab, every object', 'containers that we name'],
  ...looks.map((one) => [
    one.program,
    isClean(one) ? 'no' : 'yes',
    String(one.own ?? 'failed'),
    String(one.every ?? 'failed'),
    isClean(one) ? String(one.findings.length) : names(one) ? 'the one that keeps it' : 'NOT the one that keeps it',
  ]),
]);
const [quiet, leaks] = [looks.filter(isClean), looks.filter((one) => !isClean(one))];
const rows = [
  ['memlab', ({ own }) => own > 0, ({ own }) => own > 0],
  ['memlab, every object', ({ every }) => every > 0, ({ every }) => every > 0],
  ['the container named', ({ findings }) => findings.length > 0, names],
].map(([name, alarm, found]) => [
  name,
  `${count(quiet, alarm)} of ${quiet.length}`,
  `${count(leaks, found)} of ${leaks.length}`,
]);
console.log();
printTable([['', 'false alarms', 'leaks found'], ...rows]);
const [named, wrong] = [count(leaks, names), count(quiet, ({ findings }) => findings.length > 0)];
console.log(JSON.stringify({ leaks: leaks.length, named, clean: quiet.length, wrong, pressure: pressure() }));
process.exitCode = named === leaks.length && wrong === 0 ? 0 : 1;
