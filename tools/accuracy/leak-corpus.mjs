/**
 * The leak decision on programs of which the truth is known.
 *
 * Three groups, in tools/accuracy/leak-programs: code that gives back what it takes, though much of it grows for a while;
 * code that keeps it, one program for every kind of leak; and leaks of 1 B to 10 KB per iteration. Every run is a process
 * of its own. What it measured is appended to a file, so that slices add up; the table is about all runs in the file,
 * judged by the rule as it is now, and by rules that are often used, on the same data.
 *
 *     node tools/accuracy/leak-corpus.mjs                     one run of each program, about two minutes
 *     node tools/accuracy/leak-corpus.mjs --minutes 30        as many as half an hour holds
 *     node tools/accuracy/leak-corpus.mjs --runs 0            only the table
 *     node tools/accuracy/leak-corpus.mjs --group clean --runs 20 --file corpus.ndjson --fresh
 *
 * Bars: no false leak; at least 99 % found from 16 B per iteration on; slopes from 256 B on within 3 %; projections cover
 * at least 95 %. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { clean } from './leak-programs/clean.mjs';
import { leaking, sizes } from './leak-programs/leaking.mjs';
import { rivals } from './leak-programs/rivals.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    group: { type: 'string' },
    duration: { type: 'string', default: '2s' },
    file: { type: 'string', default: join(root, 'node_modules/.cache/leak-corpus.ndjson') },
    fresh: { type: 'boolean', default: false },
  },
});
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const groups = { clean: Object.keys(clean), leaking: Object.keys(leaking), sizes: sizes.map(String) };
const chosen = Object.entries(groups).filter(([group]) => options.group === undefined || group === options.group);
if (chosen.length === 0)
  throw new Error(`no group is called ${options.group}; there are ${Object.keys(groups).join(', ')}`);
const minutes = options.minutes === undefined ? Infinity : Number(options.minutes);
const turns = options.minutes === undefined ? Number(options.runs) : Infinity;

async function bundled(folder, name) {
  const outfile = join(folder, name);
  const stdin = { contents: readFileSync(here(name), 'utf8'), resolveDir: here('.'), sourcefile: name };
  const common = { bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['@perfkeel/source'] };
  await build({ ...common, stdin, outfile, external: ['@memlab/*'], logLevel: 'error' });
  return outfile;
}

/** A run that fails is reported and counted, not thrown: it belongs to the answer. */
async function measure(file, group, program) {
  const began = Date.now();
  try {
    const args = ['--expose-gc', file, group, program, options.duration];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000, maxBuffer: 2 ** 26 });
    const seconds = (Date.now() - began) / 1000;
    return { group, program, node: process.versions.node, seconds, ...JSON.parse(stdout) };
  } catch (error) {
    console.error(`${group} / ${program}: ${error.message}`);
    return undefined;
  }
}

async function collect(folder) {
  const file = await bundled(folder, 'leak-corpus-run.mjs');
  const until = Date.now() + minutes * 60_000;
  for (let turn = 0; turn < turns; turn++) {
    for (const [group, programs] of chosen) {
      for (const program of programs) {
        if (Date.now() > until) return;
        const run = await measure(file, group, program);
        if (run) appendFileSync(options.file, `${JSON.stringify(run)}\n`);
      }
    }
  }
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

const samplesOf = ({ iterations, heap, external, rss }) =>
  iterations.map((at, i) => ({ iterations: at, heap: heap[i], external: external[i], rss: rss[i] }));

function judged(analyzeChannels, run) {
  const samples = samplesOf(run);
  const { smallest, startedAt } = run;
  const report = analyzeChannels(samples, { smallest, startedAt });
  const foundBy = Object.entries(rivals).filter(([, rule]) => rule(samples));
  return { ...run, samples, report, rivals: foundBy.map(([name]) => name) };
}

const share = (part, whole) => (whole === 0 ? '' : `${Math.round((1000 * part) / whole) / 10} %`);
const count = (list, keep) => list.filter(keep).length;
const is = (verdict) => (run) => run.report.verdict === verdict;
const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const number = (value, digits = 2) => (Number.isFinite(value) ? String(Number(value.toFixed(digits))) : '');

function programTable(runs, group) {
  const names = groups[group].filter((name) => runs.some(({ program }) => program === name));
  const rows = names.map((name) => {
    const own = runs.filter(({ program }) => program === name);
    const of = (pick) => number(middle(own.map(pick)));
    const counts = ['leak', 'inconclusive', 'stable'].map((verdict) => String(count(own, is(verdict)) || ''));
    const figures = [of(({ report }) => report.perIteration.value), of(({ report }) => report.resolution)];
    return [name, String(own.length), ...counts, ...figures, of(({ seconds }) => seconds)];
  });
  printTable([[group, 'runs', 'leak', 'open', 'stable', 'B/it', 'resolution', 's'], ...rows]);
  console.log();
}

/** Projects the end from the first half of the samples, or from as many as a leak takes to be called, and asks whether it held. */
function covered(projectGrowth, analyzeChannels, { group, samples, smallest, startedAt }) {
  const half = samples.slice(0, group === 'clean' ? Math.floor(samples.length / 2) : 40);
  if (half.length < 16 || half.length === samples.length) return undefined;
  const report = analyzeChannels(half, { smallest, startedAt });
  const [last, end] = [half.at(-1), samples.at(-1)];
  const grown = end.heap + end.external - last.heap - last.external;
  const { upper } = projectGrowth(report, end.iterations - last.iterations);
  return Number.isFinite(upper) ? grown <= upper : undefined;
}

async function main(folder) {
  mkdirSync(dirname(options.file), { recursive: true });
  if (options.fresh) rmSync(options.file, { force: true });
  if (turns > 0) await collect(folder);
  const rule = await import(pathToFileURL(await bundled(folder, 'leak-corpus-rule.mjs')).href);
  const runs = recorded().map((run) => judged(rule.analyzeChannels, run));
  const of = (group) => runs.filter((run) => run.group === group);
  for (const group of Object.keys(groups)) if (of(group).length > 0) programTable(of(group), group);
  summary({ clean: of('clean'), leaking: of('leaking'), sizes: of('sizes') }, rule);
}

function summary({ clean, leaking, sizes }, rule) {
  const leaks = [...leaking, ...sizes.filter(({ program }) => Number(program) >= 16)];
  const rules = ['this rule', ...Object.keys(rivals)];
  const finds = (name) => (run) => (name === 'this rule' ? is('leak')(run) : run.rivals.includes(name));
  const falseBy = (name) => `${count(clean, finds(name))} of ${clean.length}`;
  const rows = rules.map((name) => [
    name,
    falseBy(name),
    share(count(clean, finds(name)), clean.length),
    share(count(leaks, finds(name)), leaks.length),
  ]);
  printTable([['', 'false leaks', '', 'leaks found'], ...rows]);
  const large = sizes.filter((run) => Number(run.program) >= 256 && is('leak')(run));
  const errors = large.map(({ program, report }) => Math.abs(report.perIteration.value / Number(program) - 1));
  const coverage = (list) =>
    list.map((run) => covered(rule.projectGrowth, rule.analyzeChannels, run)).filter((is) => is !== undefined);
  const [projected, projectedLeaks] = [coverage(clean), coverage(leaks)];
  const found = sizes.filter(is('leak')).map(({ program }) => Number(program));
  const missed = leaks.filter(is('stable')).map(({ group, program }) => `${group} ${program}`);
  const result = {
    cleanRuns: clean.length,
    falseLeaks: count(clean, is('leak')),
    openOnClean: count(clean, is('inconclusive')),
    leakRuns: leaks.length,
    found: count(leaks, is('leak')),
    calledStable: missed.length,
    worstSlopeError: errors.length === 0 ? null : Math.max(...errors),
    smallestFound: found.length === 0 ? null : Math.min(...found),
    projectionCoverage: projected.length === 0 ? null : count(projected, Boolean) / projected.length,
    projectionCoverageOfLeaks:
      projectedLeaks.length === 0 ? null : count(projectedLeaks, Boolean) / projectedLeaks.length,
    pressure: pressure(),
  };
  console.log();
  if (missed.length > 0) console.log(`called stable: ${[...new Set(missed)].join(', ')}`);
  console.log(`slopes of 256 B and more: worst error ${share(result.worstSlopeError ?? 0, 1)} of ${errors.length}`);
  console.log(
    `smallest leak found: ${result.smallestFound} B per iteration, in ${number(middle(sizes.map(({ seconds }) => seconds)))} s`,
  );
  console.log(
    `projections that held: ${share(count(projected, Boolean), projected.length)} of ${projected.length} clean, ${share(count(projectedLeaks, Boolean), projectedLeaks.length)} of ${projectedLeaks.length} leaking`,
  );
  console.log(JSON.stringify(result));
}

await withFolder('leak-corpus', main);
