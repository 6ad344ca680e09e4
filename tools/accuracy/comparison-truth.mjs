/**
 * Are comparisons right about real code? Eight workloads in fresh processes: A against A (identical code), and against
 * code that really does 5 and 10 % more work, in turns, while the machine does nothing else (`quiet`), with a busy
 * program beside it (`hog`), with one on every processor for the second half of the time (`half`), and with one on every
 * processor during every other process of head and never of base (`one side`).
 *
 *     node tools/accuracy/comparison-truth.mjs --minutes 10    measures, adds up in tools/accuracy/.data, and reports
 *     node tools/accuracy/comparison-truth.mjs                 reports on what was measured so far
 *     node tools/accuracy/comparison-truth.mjs --minutes 10 --only quiet
 *
 * What was meant to be quiet while others used the machine is reported apart, as `others busy`. Processes are started as
 * `perfkeel compare` starts micro-benchmarks, with --no-concurrent-recompilation.
 *
 * Raw quantiles of every process are kept, so that other rules can be run over them without measuring again. A pass over
 * all workloads in one condition is a check such as a pull request gets. Beside ours stands the usual rule on the same
 * data: the mean of one process is 10 % above a stored number of an earlier check.
 */
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify, parseArgs } from 'node:util';
import { replayChecks } from './comparison-replay.mjs';
import { pressure, printTable } from './fresh-process.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(here, '.data');
const file = join(folder, 'comparison-truth.ndjson');
const conditions = ['quiet', 'hog', 'half', 'one side'];
const workloads = [
  'JSON.parse 1 KB',
  'regex over a log',
  'Map, 1000 get and set',
  'sort 10 000 numbers',
  'sha256 of 4 KB',
  'zod parse',
  'string of 1000 pieces',
  'structuredClone',
];
/** Calls more in each batch of twenty. */
const sides = { A: 0, A2: 0, B5: 1, B10: 2 };
const rounds = 24;
const measureMs = 100;
/** As `perfkeel compare` starts micro-benchmarks. Rows of other flags, or of none, are not reported. */
const nodeFlags = ['--no-concurrent-recompilation'];
/** Above this share of time waiting for a processor, in %, others use the machine: it is not quiet, whatever we do. */
const quietPressure = 20;
const notQuiet = 'others busy';

const { values: options } = parseArgs({ options: { minutes: { type: 'string' }, only: { type: 'string' } } });
const minutes = Number(options.minutes ?? 0);
if (!(minutes >= 0) || (options.only !== undefined && !conditions.includes(options.only))) {
  console.error(`--minutes takes a number, --only one of ${conditions.join(', ')}`);
  process.exit(2);
}

/** Stopped until it is told to go on; ends itself after twenty minutes, whatever becomes of this program. */
function startHog() {
  const code = 'const end = Date.now() + 1_200_000; while (Date.now() < end);';
  const hog = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  hog.kill('SIGSTOP');
  return hog;
}

/** How many hogs are awake while a process measures. */
function hogsDuring(condition, round, side) {
  if (condition === 'hog') return 1;
  if (condition === 'half') return round >= rounds / 2 ? availableParallelism() : 0;
  return condition === 'one side' && side !== 'A' && round % 2 === 1 ? availableParallelism() : 0;
}

function wake(hogs, count) {
  hogs.forEach((hog, i) => hog.kill(i < count ? 'SIGCONT' : 'SIGSTOP'));
}

async function measure(workload, side) {
  const args = [
    '--expose-gc',
    ...nodeFlags,
    join(here, 'comparison-process.mjs'),
    workload,
    sides[side],
    measureMs,
  ].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
  const { quantiles, mean, cpuUs } = JSON.parse(stdout);
  return { quantiles, mean, cpuUs };
}

function shuffle(items) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** One workload of one check: every second round in the reverse order of the one before. */
async function measureWorkload(check, condition, workload, hogs) {
  const rows = [];
  let order = [];
  for (let round = 0; round < rounds; round++) {
    order = round % 2 === 0 ? shuffle(Object.keys(sides)) : order.reverse();
    for (const side of order) {
      wake(hogs, hogsDuring(condition, round, side));
      const times = await measure(workload, side);
      rows.push({ check, condition, workload, side, round, at: Date.now(), flags: nodeFlags.join(' '), ...times });
    }
  }
  wake(hogs, 0);
  return rows;
}

const rowsOf = () =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .filter(({ flags }) => flags === nodeFlags.join(' '))
    : [];

/** What is measured next: the pair of which there is least, whole checks first. */
function nextWork(rows) {
  const wanted = options.only === undefined ? conditions : [options.only];
  const done = (condition, workload) =>
    new Set(rows.filter((row) => row.condition === condition && row.workload === workload).map(({ check }) => check))
      .size;
  const all = wanted.flatMap((condition) =>
    workloads.map((workload) => ({ condition, workload, check: done(condition, workload) })),
  );
  return all.reduce((least, work) => (work.check < least.check ? work : least));
}

async function collect(until) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  const hogs = Array.from({ length: availableParallelism() }, startHog);
  try {
    while (Date.now() < until) {
      const { condition, workload, check } = nextWork(rowsOf());
      const before = pressure();
      const rows = await measureWorkload(check, condition, workload, hogs);
      const more = { pressure: [before, pressure()] };
      // A workload is written as a whole or not at all.
      appendFileSync(file, rows.map((row) => `${JSON.stringify({ ...row, ...more })}\n`).join(''));
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
}

const share = (count, all) => (all === 0 ? 'none' : `${count} of ${all} (${((100 * count) / all).toFixed(1)} %)`);

/** What nobody kept quiet is a condition of its own. */
const labelled = (row) =>
  row.condition === 'quiet' && Math.max(...(row.pressure ?? [0])) > quietPressure
    ? { ...row, condition: notQuiet }
    : row;

async function report() {
  const results = await replayChecks(rowsOf().map(labelled));
  const table = [
    ['', 'false alarms', 'undecided', '5 % found', '10 % found', 'rounds A, 5, 10 %', 'checks with an alarm'],
  ];
  const usual = [['the usual rule', 'false alarms', '5 % found', '10 % found', 'checks with an alarm']];
  for (const condition of [...conditions, notQuiet]) {
    const of = results.filter((result) => result.condition === condition);
    const [same, five, ten] = ['A2', 'B5', 'B10'].map((side) => of.filter((result) => result.side === side));
    const count = (list, holds) => share(list.filter(holds).length, list.length);
    const mean = (list) => (list.reduce((sum, { spent }) => sum + spent, 0) / list.length).toFixed(1);
    const checks = (holds) => {
      const all = [...new Set(same.map(({ check }) => check))];
      return share(all.filter((check) => same.some((one) => one.check === check && holds(one))).length, all.length);
    };
    const alarm = ({ decision }) => decision === 'regressed';
    if (same.length === 0) continue;
    table.push([
      condition,
      count(same, ({ decision }) => decision === 'regressed' || decision === 'improved'),
      count(same, ({ decision }) => decision === 'inconclusive'),
      count(five, alarm),
      count(ten, alarm),
      [same, five, ten].map(mean).join(', '),
      checks(alarm),
    ]);
    const flagged = ({ usual: rule }) => rule === true;
    const judged = (list) => list.filter(({ usual: rule }) => rule !== undefined);
    usual.push([
      condition,
      count(judged(same), flagged),
      count(judged(five), flagged),
      count(judged(ten), flagged),
      checks(flagged),
    ]);
  }
  const compared = results.filter(({ side }) => side === 'A2').length;
  if (compared === 0) {
    console.log('nothing was measured so far: --minutes 10');
    return;
  }
  const pressures = rowsOf().flatMap((row) => row.pressure ?? []);
  printTable(table);
  console.log();
  printTable(usual);
  console.log(
    `\n${compared} comparisons of identical code so far, ${workloads.length} workloads, ${rounds} rounds a side at most`,
  );
  console.log(`processor pressure while measuring: ${Math.min(...pressures)} to ${Math.max(...pressures)} %`);
  console.log(JSON.stringify({ compared, results }));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (minutes > 0) await collect(Date.now() + minutes * 60_000);
  await report();
}
