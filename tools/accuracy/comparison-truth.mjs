/**
 * Are comparisons right about real code? Eight workloads in fresh processes, in turns, while the machine does nothing
 * else (`quiet`), with a busy program beside it (`hog`), with one on every processor for six rounds of twelve (`half`),
 * and with one on every processor during every other process of head and never of base (`one side`).
 *
 *     node tools/accuracy/comparison-truth.mjs --minutes 10                  identical code, and code that does 5 and 10 % more work
 *     node tools/accuracy/comparison-truth.mjs --minutes 10 --false-alarms   identical code only
 *     node tools/accuracy/comparison-truth.mjs --minutes 10 --only quiet
 *     node tools/accuracy/comparison-truth.mjs                               reports on what was measured so far
 *
 * Everything adds up in tools/accuracy/.data; what the end of the time cuts short goes on the next time. For `--false-alarms` six sides of identical code are measured, and each
 * pair of them is a comparison: pairs that have a side in common are not independent of each other, so that alarms come
 * in clusters; their rate is the same.
 *
 * Processes are those of micro-benchmarks: `measureBench`, `--no-concurrent-recompilation`; for as many rounds as the plan
 * of comparisons asks for, at most 80 and 80 to confirm. What was meant to be quiet while others used the machine is
 * reported apart, as `others busy`. Quantiles of every process are kept, so that other rules can be run over them without
 * measuring again. A pass over all workloads in one condition is a check such as a pull request gets. Beside ours stands
 * the usual rule on the same data: the mean of one process is 10 % above a stored number of an earlier check.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleProcess, measureProcess } from './comparison-process.mjs';
import { loadRules, mostRounds, playSession, replayChecks, sourceOf } from './comparison-replay.mjs';
import { workloads } from './comparison-workloads.mjs';
import { pressure, printTable, withFolder } from './fresh-process.mjs';

const folder = fileURLToPath(new URL('.data/', import.meta.url));
const file = `${folder}comparison-rounds.ndjson`;
const conditions = ['quiet', 'hog', 'half', 'one side'];
const pairsAmong = (names) => names.flatMap((from, i) => names.slice(i + 1).map((to) => [from, to]));

/**
 * Sides with the calls that they do more in twenty, which of them are held against each other, and how long they measure.
 * To show that at most one of a hundred is false takes more comparisons than to show that nine of ten are found.
 */
const plans = {
  power: {
    sides: { A: 0, A2: 0, B5: 1, B10: 2 },
    pairs: [
      ['A', 'A2'],
      ['A', 'B5'],
      ['A', 'B10'],
    ],
    time: '300ms',
    weight: 1,
  },
  alarms: {
    sides: { A1: 0, A2: 0, A3: 0, A4: 0, A5: 0, A6: 0 },
    pairs: pairsAmong(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']),
    time: '100ms',
    weight: 3,
  },
};
/** Above this share of time waiting for a processor, in %, others use the machine: it is not quiet, whatever we do. */
const quietPressure = 20;
const notQuiet = 'others busy';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string' }, only: { type: 'string' }, 'false-alarms': { type: 'boolean' } },
});
const minutes = Number(options.minutes ?? 0);
if (!(minutes >= 0) || (options.only !== undefined && !conditions.includes(options.only))) {
  console.error(`--minutes takes a number, --only one of ${conditions.join(', ')}`);
  process.exit(2);
}
const rules = await loadRules();

/** Stopped until it is told to go on; ends itself after twenty minutes, whatever becomes of this program. */
function startHog() {
  const code = 'const end = Date.now() + 1_200_000; while (Date.now() < end);';
  const hog = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  hog.kill('SIGSTOP');
  return hog;
}

/** Of the sides, every second one is met by the hogs of `one side`. */
const isMet = (plan, side) => (plan === 'power' ? side !== 'A' : Number(side.slice(1)) % 2 === 0);

/** How many hogs are awake while a process measures. */
function hogsDuring({ plan, condition }, round, side) {
  if (condition === 'hog') return 1;
  if (condition === 'half') return round % 12 >= 6 ? availableParallelism() : 0;
  return condition === 'one side' && isMet(plan, side) && round % 2 === 1 ? availableParallelism() : 0;
}

/** The pairs that a condition is about: those of which the hogs met head and not base. */
const pairsOf = (plan, condition) =>
  plans[plan].pairs.filter(([from, to]) => condition !== 'one side' || (!isMet(plan, from) && isMet(plan, to)));

function wake(hogs, count) {
  hogs.forEach((hog, i) => hog.kill(i < count ? 'SIGCONT' : 'SIGSTOP'));
}

function shuffle(items) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** Whether no pair would have taken more rounds than these. */
function isDecided({ plan, condition, workload }, rows) {
  const of = (side) => rows.filter((row) => row.side === side);
  return pairsOf(plan, condition).every(
    ([from, to]) => playSession(rules, { [workload]: sourceOf(of(from), of(to)) }).cut.length === 0,
  );
}

const isFinished = (work, rows) => {
  const rounds = rows.length / Object.keys(plans[work.plan].sides).length;
  return rounds >= mostRounds(rules) || (rounds >= fewestRounds && rounds % 2 === 0 && isDecided(work, rows));
};

/** One workload of one check, in whole rounds: every second one in the reverse order of the one before. */
async function measureWorkload(work, before, program, hogs, until) {
  const { sides, time } = plans[work.plan];
  const rows = [];
  let order = Object.keys(sides);
  for (let round = before.length / order.length; Date.now() < until; round++) {
    if (isFinished(work, [...before, ...rows])) break;
    order = round % 2 === 0 ? shuffle(order) : order.reverse();
    for (const side of order) {
      wake(hogs, hogsDuring(work, round, side));
      const measured = await measureProcess(program, work.workload, sides[side], time);
      rows.push({ ...work, side, round, at: Date.now(), pressure: pressure(), ...measured });
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
    : [];

const nameOf = ({ plan, condition, check, workload }) => [plan, condition, check, workload].join('\n');

/** Rows of each workload of each check. */
function inWorks(rows) {
  const of = new Map();
  for (const row of rows) of.set(nameOf(row), [...(of.get(nameOf(row)) ?? []), row]);
  return of;
}

/** What is measured next: what the end of the time cut short, else one of the works of which there is least. */
function nextWork(rows) {
  const plansNow = options['false-alarms'] ? ['alarms'] : Object.keys(plans);
  const begun = [...inWorks(rows).values()].find(
    (these) =>
      plansNow.includes(these[0].plan) &&
      [undefined, these[0].condition].includes(options.only) &&
      !isFinished(these[0], these),
  );
  if (begun !== undefined) {
    const { plan, condition, check, workload } = begun[0];
    return { plan, condition, check, workload };
  }
  const wanted = options.only === undefined ? conditions : [options.only];
  const done = (plan, condition, workload) =>
    new Set(
      rows.flatMap((row) =>
        row.plan === plan && row.condition === condition && row.workload === workload ? [row.check] : [],
      ),
    ).size;
  const all = plansNow.flatMap((plan) =>
    wanted.flatMap((condition) =>
      workloads.map((workload) => ({ plan, condition, workload, check: done(plan, condition, workload) })),
    ),
  );
  const share = ({ plan, check }) => (check + 1) / plans[plan].weight;
  return shuffle(all).reduce((least, work) => (share(work) < share(least) ? work : least));
}

/** Before them nothing can be decided. */
const fewestRounds = 6;

async function collect(program, until) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}.gitignore`, '*\n');
  const hogs = Array.from({ length: availableParallelism() }, startHog);
  try {
    while (Date.now() < until) {
      const work = nextWork(rowsOf());
      const before = inWorks(rowsOf()).get(nameOf(work)) ?? [];
      const rows = await measureWorkload(work, before, program, hogs, until);
      appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL');
  }
}

const share = (count, all) => (all === 0 ? 'none' : `${count} of ${all} (${((100 * count) / all).toFixed(1)} %)`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** What nobody kept quiet is a condition of its own: by workload, since each takes a minute. */
function labelled(rows) {
  return [...inWorks(rows).values()].flatMap((these) => {
    const busy = median(these.map((row) => row.pressure ?? 0)) > quietPressure;
    return these[0].condition === 'quiet' && busy ? these.map((row) => ({ ...row, condition: notQuiet })) : these;
  });
}

/** Without what is not finished yet: what takes long to decide would be missing, or count as undecided. */
const finished = (rows) => [...inWorks(rows).values()].filter((these) => isFinished(these[0], these)).flat();

const changed = ({ decision }) => decision === 'regressed' || decision === 'improved';
const regressed = ({ decision }) => decision === 'regressed';
const undecided = ({ decision }) => decision === 'inconclusive';
const usualAlarm = ({ usual }) => usual;
const count = (list, holds) => share(list.filter(holds).length, list.length);
const mean = (list) =>
  list.length === 0 ? '-' : (list.reduce((sum, { spent }) => sum + spent, 0) / list.length).toFixed(1);

/** Checks of identical code: each pair of sides over all workloads. */
function checksOf(same, holds) {
  const checks = [...new Set(same.map(({ plan, check, pair }) => [plan, check, pair].join(' ')))];
  const has = (name) => same.some((one) => [one.plan, one.check, one.pair].join(' ') === name && holds(one));
  return share(checks.filter(has).length, checks.length);
}

function report() {
  const done = finished(rowsOf());
  const rows = labelled(done);
  const results = [...conditions, notQuiet].flatMap((condition) =>
    Object.keys(plans).flatMap((plan) => {
      const these = rows.filter((row) => row.condition === condition && row.plan === plan);
      return replayChecks(rules, these, pairsOf(plan, condition)).map((one) => ({ condition, plan, ...one }));
    }),
  );
  if (results.length === 0) {
    console.log('nothing was measured so far: --minutes 10');
    return;
  }
  const isSame = ({ plan, pair }) => plan === 'alarms' || pair === 'A A2';
  const of = (condition) => results.filter((result) => result.condition === condition);
  const measured = [...conditions, notQuiet].filter((condition) => of(condition).length > 0);
  const same = [
    ['identical code', 'false alarms', 'undecided', 'rounds', 'checks with an alarm', 'the usual rule', 'its checks'],
  ];
  for (const condition of measured) {
    const list = of(condition).filter(isSame);
    same.push([
      condition,
      count(list, changed),
      count(list, undecided),
      mean(list),
      checksOf(list, changed),
      count(list, usualAlarm),
      checksOf(list, usualAlarm),
    ]);
  }
  const all = results.filter(isSame);
  const power = [
    ['slower code', '5 % found', 'undecided', 'rounds', '10 % found', 'undecided', 'rounds', 'the usual rule 5, 10 %'],
  ];
  const addPower = (name, list) => {
    const [five, ten] = ['A B5', 'A B10'].map((pair) =>
      list.filter((one) => one.plan === 'power' && one.pair === pair),
    );
    if (five.length === 0) return;
    const ours = [five, ten].flatMap((side) => [count(side, regressed), count(side, undecided), mean(side)]);
    power.push([name, ...ours, [five, ten].map((side) => count(side, usualAlarm)).join(', ')]);
  };
  for (const condition of measured) addPower(condition, of(condition));
  const fit = results.filter(({ condition }) => condition === 'quiet');
  const plain = fit.length > 0 ? fit : results.filter(({ condition }) => condition === notQuiet);
  for (const workload of workloads)
    addPower(
      `  ${workload}`,
      plain.filter((one) => one.workload === workload),
    );
  printTable(same);
  if (power.length > 1) {
    console.log();
    printTable(power);
    console.log(`workloads are those of ${fit.length > 0 ? 'quiet' : notQuiet} times`);
  }
  console.log(
    `\n${all.length} comparisons of identical code, ${count(all, changed)} called changed; pairs that share a side share its data`,
  );
  const open = inWorks(rowsOf()).size - inWorks(done).size;
  if (open > 0) console.log(`left out: ${open} workloads that go on for more rounds when it is run again`);
  for (const condition of measured) {
    const pressures = rows.filter((row) => row.condition === condition).map((row) => row.pressure ?? 0);
    console.log(
      `processor pressure, ${condition}: median ${median(pressures)} %, ${Math.min(...pressures)} to ${Math.max(...pressures)} %`,
    );
  }
  console.log(JSON.stringify({ results }));
}

if (minutes > 0) {
  await withFolder('comparison', async (there) => collect(await bundleProcess(there), Date.now() + minutes * 60_000));
}
report();
