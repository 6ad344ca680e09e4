/**
 * Do counts of failures change when the code does, and only then? Stored runs of a load of 200 requests a round, through the
 * real rules: how often the share of errors is called changed when nothing changed, with rounds that fail alike, more or
 * less, or as a whole; and how often a real change is found. Beside it what ranks of the same rounds can say.
 *
 *     node tools/accuracy/comparison-counts.mjs [sessions of each kind, 2000]
 */
import { printTable } from './fresh-process.mjs';
import { loadRules } from './comparison-replay.mjs';

const sessions = Number(process.argv[2] ?? 2000);
const trials = 200;
const rules = await loadRules();
const { compareRuns, createRng, deriveSeed, metrics, rankTest, sampleMeasurement, samplePlan, sampleRun } = rules;
const roundsASide = [3, 4, 5, 10];

const always = (share) => () => share;
const between = (from, to) => (rng) => from + (to - from) * rng();
const outages = (often, share) => (rng) => (rng() < often ? share : 0);

const kinds = [
  ['no change: 0.2 % fail', always(0.002), always(0.002)],
  ['no change: 10 % fail', always(0.1), always(0.1)],
  ['no change: 5 to 15 % of a round', between(0.05, 0.15), between(0.05, 0.15)],
  ['no change: 0 to 40 % of a round', between(0, 0.4), between(0, 0.4)],
  ['no change: 30 % of every fifth round', outages(0.2, 0.3), outages(0.2, 0.3)],
  ['no change: all of every other round', outages(0.5, 1), outages(0.5, 1)],
  ['0 % to 100 %', always(0), always(1)],
  ['0 % to 10 %', always(0), always(0.1)],
  ['0 % to 7 to 13 % of a round', always(0), between(0.07, 0.13)],
  ['2 % to 5 %', always(0.02), always(0.05)],
];

const plan = samplePlan({ id: 'api', kind: 'load', metrics: [metrics.errors], primary: 'errors', objectives: [] });

function eventsOf(share, rng) {
  const own = share(rng);
  let events = 0;
  for (let i = 0; i < trials; i++) if (rng() < own) events++;
  return events;
}

const runOf = (id, counts) =>
  sampleRun({
    id,
    plans: [plan],
    measurements: counts.map((events, round) =>
      sampleMeasurement({ benchmark: 'api', metric: 'errors', round, data: { kind: 'count', events, trials } }),
    ),
  });

/** Shares of sessions that the rules call changed, and that ranks alone would. */
function found(base, head, rounds, seed) {
  let [ours, ranks] = [0, 0];
  for (let session = 0; session < sessions; session++) {
    const rng = createRng(deriveSeed(seed, session));
    const side = (share) => Array.from({ length: rounds }, () => eventsOf(share, rng));
    const [from, to] = [side(base), side(head)];
    const { decision } = compareRuns(runOf('BASE', from), runOf('HEAD', to)).comparisons[0];
    if (decision === 'regressed' || decision === 'improved') ours++;
    if (rankTest(from, to).either <= 0.05) ranks++;
  }
  return [ours, ranks].map((count) => `${((100 * count) / sessions).toFixed(1)} %`);
}

const rows = kinds.map(([name, base, head], i) => [
  name,
  ...roundsASide.flatMap((rounds) => found(base, head, rounds, 100 * i + rounds)),
]);
console.log(`called changed, of ${sessions} pairs of runs with ${trials} requests a round`);
printTable([['rounds a side', ...roundsASide.flatMap((rounds) => [String(rounds), 'ranks'])], ...rows]);
