/** What the recorded runs of the leak corpus say: tables for people, and a last line of JSON. */
import { pressure, printTable } from './fresh-process.mjs';
import { rivals } from './leak-programs/rivals.mjs';
import { reportOnSlopes } from './leak-slopes-report.mjs';

const count = (list, keep) => list.filter(keep).length;
const is = (verdict) => (run) => run.report.verdict === verdict;
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const number = (value, digits = 2) => (Number.isFinite(value) ? String(Number(value.toFixed(digits))) : '');
const percent = (value) => `${number(100 * value, 1)} %`;

/** Wilson's interval of a share, 95 % (Wilson, 1927). */
function intervalOf(part, whole) {
  const [z, share] = [1.96, part / whole];
  const middle = share + z ** 2 / (2 * whole);
  const half = z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2));
  const scale = 1 + z ** 2 / whole;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

function share(part, whole) {
  if (whole === 0) return '';
  const [lo, hi] = intervalOf(part, whole);
  return `${percent(part / whole)} [${number(100 * lo, 1)}, ${number(100 * hi, 1)}]`;
}

const samplesOf = ({ iterations, heap, external, rss, threads, silentThreads = [] }) =>
  iterations.map((at, i) => ({
    ...{ iterations: at, heap: heap[i], external: external[i], rss: rss[i] },
    ...(threads && threads[i] !== null && { threads: threads[i] }),
    ...(silentThreads[i] > 0 && { silentThreads: silentThreads[i] }),
  }));

/** As a measurement judges itself. */
function judge({ analyzeChannels, engineLearning }, samples, { smallest, startedAt }) {
  return analyzeChannels(samples, { smallest, startedAt, learning: engineLearning(samples.at(-1).iterations) });
}

function judged(rule, run) {
  const samples = samplesOf(run);
  const report = judge(rule, samples, run);
  const foundBy = Object.entries(rivals).filter(([, rule]) => rule(samples));
  return { ...run, samples, report, rivals: foundBy.map(([name]) => name) };
}

function programTable(runs, group, programs) {
  const rows = programs.flatMap((name) => {
    const own = runs.filter(({ program }) => program === name);
    if (own.length === 0) return [];
    const of = (pick) => number(middle(own.map(pick)));
    const counts = ['leak', 'inconclusive', 'stable'].map((verdict) => String(count(own, is(verdict)) || ''));
    const figures = [of(({ report }) => report.perIteration.value), of(({ report }) => report.resolution)];
    return [[name, String(own.length), ...counts, ...figures, of(({ seconds }) => seconds)]];
  });
  if (rows.length === 0) return;
  printTable([[group, 'runs', 'leak', 'open', 'stable', 'B/it', 'resolution', 's'], ...rows]);
  console.log();
}

/** Projects the end from the first samples, and asks whether it held. `undefined` where nothing was promised. */
function covered(rule, run) {
  const { samples, isClean } = run;
  // Half of them; of a leak, as many as it takes to be called one.
  const first = samples.slice(0, isClean ? Math.floor(samples.length / 2) : 40);
  if (first.length < 16 || first.length === samples.length) return undefined;
  const report = judge(rule, first, run);
  const [last, end] = [first.at(-1), samples.at(-1)];
  const grown = end.heap + end.external - last.heap - last.external;
  const { upper } = rule.projectGrowth(report, end.iterations - last.iterations);
  return Number.isFinite(upper) ? grown <= upper : undefined;
}

function ruleTable({ clean, leaks }) {
  const finds = (name) => (run) => (name === 'this rule' ? is('leak')(run) : run.rivals.includes(name));
  const rows = ['this rule', ...Object.keys(rivals)].map((name) => {
    const [wrong, right] = [count(clean, finds(name)), count(leaks, finds(name))];
    return [name, `${wrong} of ${clean.length}`, share(wrong, clean.length), share(right, leaks.length)];
  });
  printTable([['95 % intervals', 'false leaks', '', 'leaks found'], ...rows]);
  console.log();
}

/** Once the heaps of threads were not read: only the resident set shows what was kept there. */
const isNative = ({ program, threads }) => program === 'heap of a worker' && threads === undefined;

/** What was left open or missed, and where. */
function listed(label, runs) {
  const names = runs.map(({ group, program }) => `${program} (${group})`);
  const counted = [...new Set(names)].map((name) => `${count(names, (other) => other === name)} of ${name}`);
  if (names.length > 0) console.log(`${label}: ${counted.join(', ')}`);
}

function slopeErrors(runs) {
  return runs
    .filter((run) => Number(run.program) >= 256 && is('leak')(run))
    .map(({ program, report }) => Math.abs(report.perIteration.value / Number(program) - 1));
}

function printSlopes(label, errors) {
  if (errors.length === 0) return;
  const within = share(
    count(errors, (error) => error <= 0.03),
    errors.length,
  );
  console.log(
    `slopes of 256 B and more, ${label}: median error ${percent(middle(errors))}, worst ${percent(Math.max(...errors))} of ${errors.length}; within 3 %: ${within}`,
  );
}

/** Rounds were equal once, with bounds that were the same in every run: what the rule was made on. */
const isFresh = ({ rounds }) => rounds !== 'equal';

function printWhere(runs) {
  const waits = runs.map(({ pressure }) => pressure).filter((value) => Number.isFinite(value));
  const busy =
    waits.length === 0
      ? ''
      : `; at their ends some program waited for a processor ${number(middle(waits), 0)} % of the time (median)`;
  const equal = count(runs, (run) => !isFresh(run));
  const older = equal === 0 ? '' : `, ${equal} of them in equal rounds, which the rule was made on`;
  console.log(`${runs.length} runs${older}${busy}`);
  console.log();
}

/** The same rule on every version of Node, and on what it was not made on. */
function nodeTable({ clean, leaks }) {
  const nodes = [...new Set([...clean, ...leaks].map(({ node }) => node))].toSorted();
  const parts = [
    ...nodes.map((node) => [`Node ${node}`, (run) => run.node === node]),
    ['uneven rounds, bounds drawn anew', isFresh],
  ];
  const rows = parts.map(([name, keep]) => {
    const [quiet, loud] = [clean.filter(keep), leaks.filter(keep)];
    const [wrong, found] = [count(quiet, is('leak')), count(loud, is('leak'))];
    return [name, `${wrong} of ${quiet.length}`, `${found} of ${loud.length}`];
  });
  printTable([['this rule', 'false leaks', 'leaks found'], ...rows]);
  console.log();
}

/** @returns whether the bars are met by what was recorded */
export function reportOn(recorded, groups, rule) {
  const isClean = ({ group }) => group.startsWith('clean');
  const runs = recorded
    .filter(({ failed }) => failed === undefined)
    .map((run) => ({ ...judged(rule, run), isClean: isClean(run) }));
  if (runs.length === 0) throw new Error('nothing has been measured: --minutes 6');
  printWhere(runs);
  for (const [group, programs] of Object.entries(groups)) {
    programTable(
      runs.filter((run) => run.group === group),
      group,
      programs,
    );
  }
  const slopes = reportOnSlopes(runs.filter((run) => !isReadLate(run) && !isShort(run)));
  const found = runs.filter((run) => !isOfSlopes(run));
  return summary(found, { ...slopes, failed: recorded.length - runs.length }, rule);
}

/** About how much and not about whether; rounds as short as these find less than the bar is about. */
const isOfSlopes = ({ group }) => group === 'containers' || group === 'short servers';

/** Had not all that it keeps by the middle of the measurement: no rule can tell it from a leak, and no bar is about it. */
const isFilling = ({ bound = 0, samples }) => bound > samples[Math.floor(samples.length / 2)].iterations;

/** What the run said that it could see was more than the leak: so few iterations were done. */
const isCoarse = ({ program, report }) => report.resolution > Number(program);

/** The machine was so busy that time ran out: fewer samples than it takes to call a leak one. */
const isShort = ({ report }) => report.reason === 'short';

/**
 * Once a server's heap was read when something else had been asked of the engine, which makes it count a page as used that
 * is not: for some readings 256 KB too much.
 */
const isReadLate = ({ group, reading }) => group.endsWith('servers') && reading !== 'first';

const verdictsOf = (list) =>
  `${count(list, is('leak'))} leak, ${count(list, is('inconclusive'))} open, ${count(list, is('stable'))} stable`;

function summary(every, { failed, ...slopes }, rule) {
  const short = every.filter(isShort);
  const filling = every.filter((run) => run.isClean && isFilling(run) && !isShort(run));
  const late = every.filter((run) => !run.isClean && isReadLate(run) && !isShort(run));
  const runs = every.filter((run) => !filling.includes(run) && !late.includes(run) && !isShort(run));
  const clean = runs.filter((run) => run.isClean);
  const all = runs.filter(({ group }) => !group.startsWith('clean') && !group.startsWith('smallest'));
  const [native, told] = [all.filter(isNative), all.filter((run) => !isNative(run))];
  const small = runs.filter(({ group }) => group.startsWith('smallest'));
  const coarse = [...told, ...small].filter(isCoarse);
  const leaks = told.filter((run) => !isCoarse(run));
  const smallest = small.filter((run) => !isCoarse(run));
  ruleTable({ clean, leaks });
  nodeTable({ clean, leaks });
  const [falseLeaks, found, missed] = [clean.filter(is('leak')), leaks.filter(is('leak')), leaks.filter(is('stable'))];
  listed('false leaks', falseLeaks);
  listed('open on clean code', clean.filter(is('inconclusive')));
  listed('left open', leaks.filter(is('inconclusive')));
  listed('leaks called stable', missed);
  const served = ({ group }) => group === 'leaking servers';
  const [here, there] = [slopeErrors(leaks.filter((run) => !served(run))), slopeErrors(leaks.filter(served))];
  printSlopes('in the process', here);
  printSlopes('per request', there);
  for (const group of new Set(smallest.map((run) => run.group))) {
    const own = smallest.filter((run) => run.group === group);
    const seconds = number(Math.max(...own.map((run) => run.seconds)), 0);
    console.log(
      `${own[0].program} B per ${group === 'smallest' ? 'iteration' : 'request'}: found in ${count(own, is('leak'))} of ${own.length}, within ${seconds} s`,
    );
  }
  const held = (list) => list.map((run) => covered(rule, run)).filter((is) => is !== undefined);
  const [projected, projectedLeaks] = [held(clean), held(leaks)];
  for (const [label, list] of [
    ['clean', projected],
    ['leaking', projectedLeaks],
  ]) {
    console.log(`projections that held, ${label}: ${share(count(list, Boolean), list.length)} of ${list.length}`);
  }
  const inResident = `${count(native, is('leak'))} of ${native.length} found, ${count(native, is('stable'))} called stable`;
  if (filling.length > 0) {
    console.log(
      `not in the bars, because their caches still filled at half of the measurement: ${filling.length} (${verdictsOf(filling)})`,
    );
  }
  if (late.length > 0) {
    console.log(
      `not in the bars, because their heap was read later than it is now, with up to a page too much: ${late.length} (${verdictsOf(late)})`,
    );
  }
  const below = count(coarse, ({ program, report }) => report.perIteration.hi < Number(program));
  if (coarse.length > 0) {
    console.log(
      `not in the bars, because too few iterations were done on a busy machine to see so little: ${coarse.length} (${verdictsOf(coarse)}, ${below} bounded below the truth)`,
    );
  }
  if (short.length > 0) console.log(`not in the bars, because time ran out on a busy machine: ${short.length}`);
  if (native.length > 0)
    console.log(
      `leaks in threads that were not asked, which only the resident set shows: ${inResident}, the others left open`,
    );
  if (failed > 0) console.log(`runs that failed: ${failed}`);
  const coverage = (list) => (list.length === 0 ? null : count(list, Boolean) / list.length);
  const result = {
    cleanRuns: clean.length,
    cleanFresh: count(clean, isFresh),
    falseLeaks: falseLeaks.length,
    leakRuns: leaks.length,
    found: found.length,
    calledStable: missed.length,
    failed,
    slopeErrorHere: here.length === 0 ? null : Math.max(...here),
    slopeErrorPerRequest: there.length === 0 ? null : Math.max(...there),
    projectionCoverage: coverage(projected),
    projectionCoverageOfLeaks: coverage(projectedLeaks),
    ...slopes,
    pressure: pressure(),
  };
  console.log(JSON.stringify(result));
  return (
    falseLeaks.length === 0 &&
    clean.length >= 400 &&
    found.length >= 0.99 * leaks.length &&
    Math.max(0, ...here, ...there) <= 0.03 &&
    // Nothing is no proof: of both kinds there is one that could see so little.
    new Set(smallest.map(({ group }) => group)).size === 2 &&
    smallest.every(is('leak')) &&
    // What a run could see is its own word: as to be believed as that it bounds nothing below the truth.
    below === 0 &&
    (slopes.slopeCoverage ?? 0) >= 0.95 &&
    (slopes.slopeCoverageServers ?? 0) >= 0.95 &&
    (coverage(projected) ?? 0) >= 0.95 &&
    (coverage(projectedLeaks) ?? 0) >= 0.95
  );
}
