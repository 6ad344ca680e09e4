/**
 * Do intervals of what comes next hold it? Cuts histories off, predicts what was held out, and counts; and lets drifts of
 * a known slope cross limits at known runs.
 *
 *     node tools/accuracy/history-forecast.mjs [histories of each kind, 150] [first seed]
 *
 * The rule was made on seeds below 20 000: those from 300 000 on it has not seen.
 */
import { loadRules } from './comparison-replay.mjs';
import { printTable } from './fresh-process.mjs';
import { historyFamilies } from './history-families.mjs';

const histories = Number(process.argv[2] ?? 150);
const firstSeed = Number(process.argv[3] ?? 300_000);
const rules = await loadRules();
const { createRng, drawSample, findChanges, forecastCrossing, normal, predict } = rules;
const percent = (share) => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`);
const gauss = (rng) => drawSample(normal(0, 1), 1, rng)[0];
const ahead = [1, 5, 10, 20];

/** A drift that goes on from the first run to the last. */
const goesOn = {
  name: 'a drift that goes on',
  draw(rng) {
    const slope = (rng() < 0.5 ? -1 : 1) * (0.0015 + 0.004 * rng());
    return { truth: [], values: Array.from({ length: 200 }, (_, i) => 1e6 * Math.exp(slope * i + 0.03 * gauss(rng))) };
  },
};

/** Of the values that were held out, those inside the interval; a step that nobody could know of counts for nothing. */
function coverage({ draw }) {
  const held = ahead.map(() => [0, 0]);
  // Short histories are cut off once and not four times: so many more of them.
  const count = draw(createRng(1)).values.length < 100 ? 4 * histories : histories;
  for (let seed = 0; seed < count; seed++) {
    const { values, truth } = draw(createRng(firstSeed + 9000 + seed));
    for (let cut = 30; cut <= Math.min(values.length - 20, 180); cut += 50) {
      const changes = findChanges(values.slice(0, cut));
      ahead.forEach((runs, k) => {
        if (truth.some((at) => at >= cut - 5 && at < cut + runs)) return;
        const { lo, hi } = predict(changes, runs) ?? {};
        if (lo === undefined) return;
        const value = values[cut + runs - 1];
        held[k][1]++;
        if (lo <= value && value <= hi) held[k][0]++;
      });
    }
  }
  return held.map(([inside, all]) => inside / all);
}

const kinds = [
  ...historyFamilies(rules).filter(({ kind, name }) => kind !== 'drift' && !name.includes('40 runs')),
  goesOn,
];
const covered = kinds.map((kind) => ({ name: kind.name, held: coverage(kind) }));
printTable([
  ['90 % interval of the value of the run that comes', ...ahead.map((runs) => `${runs} later`)],
  ...covered.map(({ name, held }) => [name, ...held.map(percent)]),
]);
const shares = covered.flatMap(({ held }) => held).filter((share) => !Number.isNaN(share));
const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;

/** Drifts of a known slope, and a limit at a known number of runs ahead. */
function crossings(noise, n, total) {
  let [spoken, held] = [0, 0];
  for (let seed = 0; seed < histories; seed++) {
    const rng = createRng(firstSeed + 100 * seed + n);
    const slope = total / n;
    const scatter = noise(rng);
    const values = Array.from({ length: n }, (_, i) => 1e6 * Math.exp(slope * i + scatter()));
    const truth = 5 + rng() * n;
    const limit = { source: 'limit', comparator: '<', value: 1e6 * Math.exp(slope * (n - 1 + truth)) };
    const forecast = forecastCrossing(findChanges(values), limit);
    if (!forecast) continue;
    spoken++;
    if (forecast.lo <= Math.ceil(truth) && truth <= forecast.hi) held++;
  }
  return { spoken: spoken / histories, held: held / spoken };
}

const noises = {
  independent: (rng) => () => 0.03 * gauss(rng),
  'lone outliers': (rng) => () => 0.03 * gauss(rng) + (rng() < 0.04 ? 0.3 : 0),
  'correlated 0.4': (rng) => {
    let state = 0;
    return () => (state = 0.4 * state + Math.sqrt(1 - 0.16) * 0.03 * gauss(rng));
  },
};
const crossed = Object.entries(noises).flatMap(([name, noise]) =>
  [30, 60, 120].flatMap((n) => [0.1, 0.2, 0.4].map((total) => ({ name, n, total, ...crossings(noise, n, total) }))),
);
console.log();
printTable([
  ['when a drift crosses a limit; noise of 3 %', 'over runs', 'by', 'spoken of', '90 % interval holds it'],
  ...crossed.map(({ name, n, total, spoken, held }) => [
    name,
    String(n),
    percent(total),
    percent(spoken),
    percent(held),
  ]),
]);

/** Histories without a drift of which a crossing was told all the same. */
let [told, asked] = [0, 0];
for (const { draw } of historyFamilies(rules).filter(({ kind }) => kind !== 'drift')) {
  for (let seed = 0; seed < histories; seed++) {
    const { values } = draw(createRng(firstSeed + 700 + seed));
    for (const cut of [40, 100, 200]) {
      const known = values.slice(0, cut);
      const level = [...known.slice(-10)].sort((a, b) => a - b)[5];
      asked++;
      if (forecastCrossing(findChanges(known), { source: 'limit', comparator: '<', value: 1.15 * level })) told++;
    }
  }
}
console.log(`\na crossing was told of ${told} of ${asked} histories that do not drift`);
const independent = crossed.filter(({ name, spoken }) => name !== 'correlated 0.4' && spoken > 0.1);
const all = independent.reduce((sum, { held, spoken }) => sum + held * spoken, 0);
const crossingHeld = all / independent.reduce((sum, { spoken }) => sum + spoken, 0);
const within = shares.filter((share) => share >= 0.85 && share <= 0.95).length / shares.length;
console.log(
  `90 % intervals of values hold ${percent(mean)} on average, and 85 to 95 % in ${percent(within)} of the cells; ` +
    `crossings in independent noise ${percent(crossingHeld)}`,
);
const met = mean >= 0.85 && mean <= 0.95 && Math.min(...shares) >= 0.8 && crossingHeld >= 0.85 && told / asked <= 0.01;
console.log(`85 to 95 % on average, no cell below 80 %, at most 1 % false forecasts: ${met ? 'met' : 'not met'}`);
console.log(JSON.stringify({ histories, covered, crossed, told, asked }));
process.exitCode = met ? 0 : 1;
