import { isAbsolute, relative } from 'node:path';
import { defaultPlan, type Acceptance } from '@perfkeel/baseline';
import {
  ExitCode,
  exitCodeOf,
  joinKinds,
  mostRounds,
  parseDuration,
  usageError,
  type Report,
  type Run,
} from '@perfkeel/core';
import { renderJson, renderTerminal } from '@perfkeel/report';
import { measureSides, prepareSides, type MeasuredSides, type PreparedSides } from '@perfkeel/runner';
import { acceptAmong, newAcceptances } from '../ci/acceptance-files.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { interrupted } from '../interrupted.ts';
import { lookOf, type Io } from '../io.ts';
import { createLive } from '../live.ts';
import { openStore, writeResults, type ResultFiles } from '../results.ts';
import { fewestRounds, judgeSides, looksUpTo } from '../sides/judge-sides.ts';
import { reportSides } from '../sides/report-sides.ts';
import { spentText } from '../sides/spent-text.ts';
import { readVersion } from '../version.ts';
import { quoted } from './quoted.ts';

export interface CompareSidesOptions {
  readonly dir?: string;
  readonly against: string;
  /** The name of the branch, where `against` is a commit of it. */
  readonly branch?: string;
  readonly budget?: string;
  readonly rounds?: number;
  readonly seed?: number;
  readonly kind?: readonly string[];
  readonly tag?: readonly string[];
  readonly calibrate?: boolean;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly verbose?: boolean;
  /** Whether the budget is a part of one for several projects, so that no other one can be proposed for this alone. */
  readonly sharedBudget?: boolean;
  /** Hears the finished report, and of milliseconds how many were measured and how many it would take, before it is shown. */
  readonly onReport?: (report: Report, measuredMs: number, neededMs: number | undefined) => void;
}

const defaultBudget = '10m';

interface Told {
  readonly filters: readonly string[];
  readonly options: CompareSidesOptions;
  readonly config: ResolvedConfig;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** `perfkeel compare --against <ref>`: measures this checkout and its base, in turns. Returns the exit code. */
export async function compareSidesCommand(
  filters: readonly string[],
  options: CompareSidesOptions,
  io: Io,
): Promise<number> {
  const budgetMs = parseDuration(options.budget ?? defaultBudget) / 1e6;
  refuseBadNumbers(options);
  const config = await loadConfig(io, options.dir);
  const abort = new AbortController();
  io.onSignal(() => {
    // A second Ctrl-C does not wait: what it leaves in the temporary folder is removed by the next comparison.
    if (abort.signal.aborted) process.exit(ExitCode.Interrupted);
    abort.abort();
  });
  const told: Told = { filters, options, config, io, signal: abort.signal };
  const sides = await prepare(told);
  try {
    // A file that accepts nothing is to be said before anything is measured.
    const base = { sha: sides.chosen.sha, measuredAt: new Date().toISOString() };
    const accepted = await newAcceptances(config.root, base);
    return await finish(sides, await measure(sides, budgetMs, told), accepted, told);
  } finally {
    await sides.remove();
  }
}

/** @throws PerfError `bad-option`, exit code 2. */
export function refuseBadNumbers({ rounds, seed }: Pick<CompareSidesOptions, 'rounds' | 'seed'>): void {
  const limits = [
    ['--rounds', rounds, fewestRounds, mostRounds],
    ['--seed', seed, 1, 2 ** 32],
  ] as const;
  for (const [flag, value, least, most] of limits) {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
    throw usageError(`${flag} is not a whole number from ${least} to ${most}`, {
      code: 'bad-option',
      hint: `Write ${flag} 10.`,
    });
  }
}

async function prepare({ filters, options, config, io, signal }: Told): Promise<PreparedSides> {
  try {
    return await prepareSides({
      ...{ root: config.root, name: config.name, include: config.include, exclude: config.exclude },
      ...{ conditions: config.conditions, roundTimeoutMs: config.roundTimeoutMs },
      ...{ filters, kinds: options.kind, tags: options.tag, cwd: io.cwd },
      ...{ against: options.against, branch: options.branch },
      tool: `perfkeel ${readVersion()}`,
      signal,
      onStep: (text) => io.stderr.write(`${text}\n`),
    });
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
}

async function measure(sides: PreparedSides, budgetMs: number, told: Told): Promise<MeasuredSides> {
  const { options, config, io, signal } = told;
  const { base, head } = sides;
  const seed = options.seed ?? 1;
  const live = createLive(io, { against: options.against });
  try {
    return await measureSides({
      ...{ base, head, budgetMs, seed, signal, calibrate: options.calibrate },
      looks: looksUpTo(defaultPlan.looks, options.rounds),
      confirmLooks: looksUpTo(defaultPlan.confirmLooks, options.rounds),
      judge: judgeSides(config.change),
      examine: io.env['PERFKEEL_EXAMINE'] !== '0',
      tolerance: config.tolerance,
      roundTimeoutMs: config.roundTimeoutMs,
      onEvent: (event) => {
        if (event.type === 'output' && options.verbose) io.stderr.write(event.text);
        if (event.type !== 'stage') return live.onEvent(event);
        const benchmarks = head.benchmarks.filter(({ plan }) => event.benchmarks.includes(plan.id));
        const plan = { seed, short: false, benchmarks: benchmarks.map(({ plan }) => plan) };
        live.onEvent({ type: 'planned', plan, rounds: event.rounds });
      },
    });
  } finally {
    live.end();
  }
}

async function finish(
  sides: PreparedSides,
  measured: MeasuredSides,
  accepted: readonly Acceptance[],
  told: Told,
): Promise<number> {
  const { options, config, io } = told;
  const run = spoken(measured);
  if (run.interrupted && run.measurements.length === 0) throw interrupted();
  const comparison = reportSides({
    accept: (report) => acceptAmong(accepted, report),
    sides,
    measured,
    change: config.change,
    sharedBudget: options.sharedBudget,
    reproduce: reproduceCommand(sides.chosen.sha, told),
  });
  const report: Report = { run, comparison };
  options.onReport?.(report, measured.spent.totalMs, comparison.neededBudgetMs);
  // A full or read-only disk does not hide what was measured.
  const kept = await keep(report, measured, config, io).catch((problem: unknown) => ({ problem }));
  show(report, 'problem' in kept ? undefined : kept, told);
  if (options.verbose) {
    const { spent: preparation, dependencies } = sides;
    io.stderr.write(spentText({ preparation, dependencies, sides: measured.spent }));
  }
  if ('problem' in kept) throw kept.problem;
  if (run.interrupted) {
    io.stderr.write('interrupted: what had been measured is kept, and decides what it can decide\n');
    return ExitCode.Interrupted;
  }
  return exitCodeOf(joinKinds(run.verdict.kind, comparison.verdict.kind), options.strict ?? false);
}

/** Measures the same again, whatever the branch of base is by then. Without paths that only this machine has. */
function reproduceCommand(sha: string, { filters, options, io }: Told): string {
  const { seed, rounds, kind = [], tag = [] } = options;
  const here = (path: string): string => (isAbsolute(path) ? relative(io.cwd, path) : path);
  const dir = here(options.dir ?? '') || undefined;
  const budget = options.sharedBudget || options.budget === defaultBudget ? undefined : options.budget;
  const settings = Object.entries({ dir, budget, rounds, seed }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, quoted(String(value))],
  );
  const lists = [...(kind.length > 0 ? ['--kind', ...kind] : []), ...(tag.length > 0 ? ['--tag', ...tag] : [])];
  // Names come first: a list of kinds would take them for its own.
  return [
    'perfkeel compare',
    ...filters.map(here).map(quoted),
    '--against',
    sha,
    ...settings,
    ...lists.map(quoted),
  ].join(' ');
}

/** Head's run. When nothing had to be measured, that is no failure to measure. */
function spoken({ head, identical }: MeasuredSides): Run {
  if (head.plan.benchmarks.length > 0 || head.interrupted) return head;
  const message = identical.length > 0 ? 'both sides execute the same' : 'there is nothing to compare with';
  return { ...head, verdict: { kind: 'pass', reasons: [{ code: 'nothing-to-measure', message }] } };
}

async function keep(report: Report, { base }: MeasuredSides, config: ResolvedConfig, io: Io): Promise<ResultFiles> {
  const store = openStore(config, io);
  for (const run of [base, report.run]) if (run.measurements.length > 0) await store.saveRun(run);
  return await writeResults(report, config);
}

function show(report: Report, files: ResultFiles | undefined, { options, config, io }: Told): void {
  if (options.json) {
    io.stdout.write(renderJson(report));
    return;
  }
  io.stdout.write(
    renderTerminal(report, {
      ...lookOf(io.stdout, io.env),
      verbose: options.verbose ?? false,
      stored: files !== undefined && report.run.measurements.length > 0,
      noChange: config.change.warn,
      paths: { root: io.cwd, ...(files === undefined ? {} : { html: relative(io.cwd, files.html) }) },
    }),
  );
}
