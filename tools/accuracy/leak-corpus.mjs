/**
 * The leak decision on programs of which the truth is known, in tools/accuracy/leak-programs: code that gives back what
 * it takes, though much of it grows for a while; code that keeps it, one program for every kind of leak; leaks of 1 B to
 * 10 KB per iteration; and HTTP servers of both kinds, asked by ten clients and attached to as they run. Every run is a
 * process of its own. What clean programs are bounded by is drawn anew for each run.
 *
 * What was measured adds up in tools/accuracy/.data; the tables are about all runs in the file, judged by the rule as it
 * is now, and by rules that are often used, on the same data.
 *
 *     node tools/accuracy/leak-corpus.mjs                     tables of what was measured so far
 *     node tools/accuracy/leak-corpus.mjs --minutes 6         six minutes more of everything, and the tables
 *     node tools/accuracy/leak-corpus.mjs --turns 2 --group clean --group "clean servers" --at-once 2
 *     node tools/accuracy/leak-corpus.mjs --turns 1 --node /path/to/another/node
 *
 * Ctrl-C ends it with the tables of what is there; the run that was under way is not recorded.
 *
 * Bars: no false leak; at least 99 % found from 16 B per iteration on; slopes from 256 B on within 3 %; projections cover
 * at least 95 %, and so do intervals of slopes, of servers by themselves too. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { pressure, withFolder } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';
import { reportOn } from './leak-corpus-report.mjs';
import { clean } from './leak-programs/clean.mjs';
import { containers } from './leak-programs/containers.mjs';
import { leaking, sizes } from './leak-programs/leaking.mjs';
import { cleanServers } from './leak-programs/servers.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { values: options } = parseArgs({
  options: {
    turns: { type: 'string' },
    minutes: { type: 'string' },
    group: { type: 'string', multiple: true },
    program: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    'at-once': { type: 'string', default: '1' },
    file: { type: 'string', default: here('.data/leaks.ndjson') },
  },
});

const ordinary = sizes.filter((bytes) => bytes >= 16).map(String);
/** Programs of each group, and how long a run aims to measure. Few bytes a request take many requests. */
const groups = {
  clean: { programs: Object.keys(clean), duration: () => '600ms' },
  'clean servers': { programs: Object.keys(cleanServers), duration: () => '3s' },
  leaking: { programs: Object.keys(leaking), duration: () => '1s' },
  sizes: { programs: ordinary, duration: () => '1s' },
  'leaking servers': { programs: ordinary, duration: (bytes) => (Number(bytes) < 64 ? '15s' : '6s') },
  smallest: { programs: ['1'], duration: () => '2s' },
  'smallest servers': { programs: ['4'], duration: () => '40s' },
  containers: { programs: Object.keys(containers), duration: () => '2s' },
  // As short as one measures them first, on a machine that does other things.
  'short servers': { programs: ['array', '256', '1024'], duration: () => '2s' },
};
const stranger = options.group?.find((name) => !(name in groups));
if (stranger !== undefined) {
  throw new Error(`no group is called ${stranger}; there are ${Object.keys(groups).join(', ')}`);
}
const minutes = options.minutes === undefined ? Infinity : Number(options.minutes);
const turns = options.turns === undefined ? (options.minutes === undefined ? 0 : Infinity) : Number(options.turns);

async function bundled(folder, name) {
  const outfile = join(folder, name);
  const stdin = { contents: readFileSync(here(name), 'utf8'), resolveDir: here('.'), sourcefile: name };
  await buildFromSource({ stdin, outfile, external: ['@memlab/*'] });
  return outfile;
}

const interrupted = new AbortController();

/** A run that fails is reported and counted, not thrown: it belongs to the answer. */
async function measure(file, { group, program, seed }) {
  const began = Date.now();
  const args = [file, group, program, groups[group].duration(program), String(seed), here('leak-programs/servers.mjs')];
  try {
    const settings = { timeout: 180_000, maxBuffer: 2 ** 26, signal: interrupted.signal };
    const { stdout } = await promisify(execFile)(options.node, ['--expose-gc', ...args], settings);
    const seconds = (Date.now() - began) / 1000;
    return { seed, seconds, pressure: pressure(), ...JSON.parse(stdout) };
  } catch (error) {
    if (interrupted.signal.aborted) return undefined;
    console.error(`${group} / ${program}: ${error.message}`);
    return { seed, failed: String(error.message).slice(0, 300) };
  }
}

/** Programs of all chosen groups in turns, so that whatever the machine does meets them all. */
function* jobs(first) {
  let seed = first;
  for (let turn = 0; turn < turns; turn++) {
    for (const [group, { programs }] of Object.entries(groups)) {
      if (options.group !== undefined && !options.group.includes(group)) continue;
      for (const program of programs) {
        if (options.program === undefined || options.program === program) yield { group, program, seed: seed++ };
      }
    }
  }
}

async function collect(folder) {
  const file = await bundled(folder, 'leak-corpus-run.mjs');
  const { stdout } = await promisify(execFile)(options.node, ['--version']);
  const until = Date.now() + minutes * 60_000;
  const queue = jobs(recorded().length + 1);
  const worker = async () => {
    for (const job of queue) {
      if (Date.now() > until) return;
      const measured = await measure(file, job);
      if (interrupted.signal.aborted) return;
      const run = { ...job, node: stdout.trim().slice(1), reading: 'first', ...measured };
      appendFileSync(options.file, `${JSON.stringify(run)}\n`);
    }
  };
  await Promise.all(Array.from({ length: Number(options['at-once']) }, worker));
}

/** A line that was cut off when a run was interrupted is left out. */
function recorded() {
  if (!existsSync(options.file)) return [];
  const lines = readFileSync(options.file, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

await withFolder('leak-corpus', async (folder) => {
  mkdirSync(dirname(options.file), { recursive: true });
  // First: Ctrl-C at a terminal ends the bundler, too.
  const rule = await import(pathToFileURL(await bundled(folder, 'leak-corpus-rule.mjs')).href);
  process.on('SIGINT', () => interrupted.abort());
  if (turns > 0) await collect(folder);
  const names = Object.fromEntries(Object.entries(groups).map(([group, { programs }]) => [group, programs]));
  const isMet = (recorded().length > 0 || !interrupted.signal.aborted) && reportOn(recorded(), names, rule);
  process.exitCode = interrupted.signal.aborted ? 130 : isMet ? 0 : 1;
});
