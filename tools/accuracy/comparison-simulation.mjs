/**
 * Does the plan of comparisons keep its promises? Plays whole sessions through the real rules: over rounds drawn from
 * known distributions, and over real processes that were recorded, resampled round by round with their
 * neighbours of the other side. Counts false alarms, power at 5 and 10 %, what is undecided, the rounds that it takes,
 * and how often the interval holds the truth: that of the report, which may be read at whichever look a session ended and
 * so claims less than it could, and the plain interval of 20 rounds a side. Beside ours stands the usual rule on the same
 * rounds: one round of head is 10 % above one of base.
 *
 *     node tools/accuracy/comparison-simulation.mjs [sessions of each kind, 400]
 */
import { existsSync, readFileSync } from 'node:fs';
import { printTable } from './fresh-process.mjs';
import { loadRules, mostRounds, playSession } from './comparison-replay.mjs';

const sessions = Number(process.argv[2] ?? 400);
/** What `comparison-truth.mjs` has recorded: as it does now, and as it did before that. */
const recordings = ['comparison-rounds', 'comparison-truth']
  .map((name) => new URL(`.data/${name}.ndjson`, import.meta.url))
  .filter(existsSync);
const rules = await loadRules();
const { bimodal, createRng, hodgesLehmannRatio, drawSample, heavyTailed, logNormal, normal } = rules;
const rounds = mostRounds(rules);
const plainRounds = 20;

const steady = (kind) => (rng, factor) => [
  drawSample(kind, rounds, rng),
  drawSample(kind, rounds, rng).map((value) => value * factor),
];

/** The speed of the machine wanders by a tenth, for both sides at once. */
function drifting(rng, factor) {
  let level = 0;
  const levels = Array.from({ length: rounds }, () => (level = 0.9 * level + 0.2 * (rng() - 0.5)));
  const side = (scale) => levels.map((at) => scale * Math.exp(at + drawSample(normal(0, 0.015), 1, rng)[0]));
  return [side(1), side(factor)];
}

/** A hog meets both sides alike in the second half of each set of looks. */
function halfHogged(rng, factor) {
  const sides = steady(logNormal(4, 0.02))(rng, factor);
  return sides.map((side) => side.map((value, i) => (i % 12 >= 6 ? value * (1 + 0.5 * rng()) : value)));
}

/** A hog meets half of the rounds of head, and none of base. */
function oneSided(rng, factor) {
  const [base, head] = steady(logNormal(4, 0.02))(rng, factor);
  return [base, head.map((value) => (rng() < 0.5 ? value * (1.1 + 0.4 * rng()) : value))];
}

const drawn = {
  'normal, 2 %': steady(normal(100, 2)),
  'normal, 5 %': steady(normal(100, 5)),
  'log-normal, 4 %': steady(logNormal(4, 0.04)),
  'log-normal, 10 %': steady(logNormal(4, 0.1)),
  'heavy tail': steady(heavyTailed(30)),
  bimodal: steady(bimodal(0.8)),
  drifting,
  'hog, half of the time': halfHogged,
  'hog, half of head only': oneSided,
};

const holds = ({ lo, hi }, truth) => lo <= truth && truth <= hi;

/** The interval of an interrupted or finished session either holds the truth or does not. */
function tally(draw, truth, seed) {
  const rng = createRng(seed);
  const found = Array.from({ length: sessions }, () => {
    const [base, head] = draw(rng, 1 + truth);
    const source = { it: { base: (i) => [base[i]], head: (i) => [head[i]], rounds } };
    const { report, counts } = playSession(rules, source);
    const [{ decision, effect }] = report.comparisons;
    const plain = hodgesLehmannRatio(base.slice(0, plainRounds), head.slice(0, plainRounds));
    return {
      decision,
      held: holds(effect, truth),
      plain: holds(plain, truth),
      usual: head[1] > base[0] * 1.1,
      spent: counts.it.screen + counts.it.confirm,
    };
  });
  const share = (fits) => found.filter(fits).length / sessions;
  return {
    regressed: share(({ decision }) => decision === 'regressed'),
    improved: share(({ decision }) => decision === 'improved'),
    undecided: share(({ decision }) => decision === 'inconclusive'),
    held: share(({ held }) => held),
    plain: share(({ plain }) => plain),
    usual: share(({ usual }) => usual),
    rounds: found.reduce((sum, { spent }) => sum + spent, 0) / sessions,
  };
}

/** Recorded rounds of two sides, drawn again with their neighbours; without a truth, since real code is only nearly so much slower. */
function resampled(rows, workload, side) {
  const of = (which) =>
    new Map(
      rows
        .filter((row) => row.workload === workload && row.side === which)
        .map((row) => [`${row.recording} ${row.condition} ${row.check} ${row.round}`, row.quantiles[2]]),
    );
  const [base, head] = [of('A'), of(side)];
  const keys = [...base.keys()].filter((key) => head.has(key));
  return (rng) => {
    const chosen = Array.from({ length: rounds }, () => keys[Math.floor(rng() * keys.length)]);
    return [chosen.map((key) => base.get(key)), chosen.map((key) => head.get(key))];
  };
}

/** Checks as of a pull request in which nothing changed: all recorded workloads in one session. How many raise an alarm. */
function falseChecks(rows, count) {
  const rng = createRng(27);
  const draws = [...new Set(rows.map((row) => row.workload))].map((workload) => [
    workload,
    resampled(rows, workload, 'A2'),
  ]);
  const alarms = Array.from({ length: count }, () => {
    const source = draws.map(([workload, draw]) => {
      const [base, head] = draw(rng);
      return [workload, { base: (i) => [base[i]], head: (i) => [head[i]], rounds }];
    });
    const { comparisons } = playSession(rules, Object.fromEntries(source)).report;
    return comparisons.some(({ decision }) => decision === 'regressed' || decision === 'improved');
  });
  return alarms.filter(Boolean).length;
}

/** Of processes as they are started now, without programs of ours beside them. */
const isPlain = ({ condition, flags, plan }) =>
  condition === 'quiet' && (plan === 'power' || flags === '--no-concurrent-recompilation');

/** The share of time in which programs waited for a processor, at both ends of a recording. */
function pressureOf(rows, workload) {
  const all = rows.filter((row) => row.workload === workload).flatMap(({ pressure }) => pressure);
  return `${Math.min(...all)} to ${Math.max(...all)} %`;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const results = [];
const table = [
  [
    'rounds are',
    'false alarms',
    'undecided',
    '5 % found',
    '10 % found',
    'interval holds 0, 5, 10 %',
    'plain one holds',
    'rounds A, 5, 10 %',
    'usual rule: alarms, 5, 10 %',
  ],
];
for (const [index, [name, draw]] of Object.entries(drawn).entries()) {
  const [same, five, ten] = [0, 0.05, 0.1].map((truth, i) => tally(draw, truth, 7 + 10 * index + i));
  results.push({ name, same, five, ten });
  table.push([
    name,
    percent(same.regressed + same.improved),
    percent(same.undecided),
    percent(five.regressed),
    percent(ten.regressed),
    [same, five, ten].map(({ held }) => percent(held)).join(', '),
    [same, five, ten].map(({ plain }) => percent(plain)).join(', '),
    [same, five, ten].map(({ rounds: spent }) => spent.toFixed(1)).join(', '),
    [same, five, ten].map(({ usual }) => percent(usual)).join(', '),
  ]);
}
printTable(table);
console.log('\nplain intervals hold more where both sides wander together, since they do not pair rounds;');
console.log(
  'where a hog meets one side only, rounds are no sample of the code, and what is claimed is left to the best rounds',
);

const rows = recordings.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ ...JSON.parse(line), recording: file.pathname })),
);
const quiet = rows.filter(isPlain);
if (quiet.length > 0) {
  const again = [
    [
      'recorded processes, resampled',
      'false alarms',
      'undecided',
      '5 % found',
      '10 % found',
      'rounds A, 5, 10 %',
      'pressure',
    ],
  ];
  for (const workload of new Set(quiet.map((row) => row.workload))) {
    const [same, five, ten] = ['A2', 'B5', 'B10'].map((side, i) => tally(resampled(quiet, workload, side), 0, 17 + i));
    results.push({ name: workload, same, five, ten });
    again.push([
      workload,
      percent(same.regressed + same.improved),
      percent(same.undecided),
      percent(five.regressed),
      percent(ten.regressed),
      [same, five, ten].map(({ rounds: spent }) => spent.toFixed(1)).join(', '),
      pressureOf(quiet, workload),
    ]);
  }
  console.log();
  printTable(again);
  const checks = Math.ceil(sessions / 4);
  const alarms = falseChecks(quiet, checks);
  results.push({ name: 'whole checks', checks, alarms });
  console.log(`\n${alarms} of ${checks} checks of all these at once call identical code changed`);
}
console.log(`\n${sessions} sessions of each kind`);
console.log(JSON.stringify({ sessions, results }));
