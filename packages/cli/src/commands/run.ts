import { relative } from 'node:path';
import { compareRuns } from '@perfkeel/baseline';
import {
  ExitCode,
  PerfError,
  exitCodeOf,
  joinKinds,
  messageOf,
  mostRounds,
  usageError,
  type ComparisonReport,
  type Report,
  type Run,
} from '@perfkeel/core';
import { measureProject, type MeasureProjectOptions, type RunEvent } from '@perfkeel/runner';
import { affectedPart, withChoices, withoutSkipped, type AffectedPart } from '../affected/run-affected.ts';
import { chooseProjects } from '../affected/choose-projects.ts';
import { checkStore } from '../check-store.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import { renderError } from '../error-report.ts';
import { interrupted } from '../interrupted.ts';
import type { Io } from '../io.ts';
import { createLive, interruptedText } from '../live.ts';
import { openStore, tellWarnings, writeResults, type ResultFiles } from '../results.ts';
import { hasResults, openUnfinished, tellUnfinished } from '../unfinished.ts';
import { readVersion } from '../version.ts';
import { createEventLines } from './event-lines.ts';
import { findBase, withReason } from './find-run.ts';
import { folderOption } from './folder-option.ts';
import { eventPlaces, reportersOf, writeReports } from './reporters.ts';
import { runProjects } from './run-projects.ts';

export interface RunOptions {
  readonly dir?: string;
  readonly kind?: readonly string[];
  readonly tag?: readonly string[];
  readonly rounds?: number;
  readonly seed?: number;
  readonly against?: string;
  readonly short?: boolean;
  readonly json?: boolean;
  /** Lists of outputs, such as `terminal,html=report.html`. */
  readonly reporter?: readonly string[];
  readonly strict?: boolean;
  readonly verbose?: boolean;
  /** Only perf files that a change since `base` can reach. */
  readonly affected?: boolean;
  readonly base?: string;
  /** Benchmarks that were left out because nothing could change them. */
  readonly skipped?: AffectedPart['skipped'];
  /** What `resume` is to know of the choice. */
  readonly chosen?: string;
  /** The run is over, although not everything was measured. */
  readonly partial?: boolean;
  /** In a workspace: only these projects, by name or folder. */
  readonly project?: readonly string[];
  /** Where the paths begin that words are looked for in. @default the folder of the project */
  readonly wordsFrom?: string;
  /** Hears the finished report, before it is shown. */
  readonly onReport?: (report: Report) => void;
}

/** `perfkeel run`: measures, judges, keeps and shows. Returns the exit code. */
export async function runCommand(filters: readonly string[], options: RunOptions, io: Io): Promise<number> {
  checkNumbers(options);
  // What is wrong with them is to be said before anything is measured.
  reportersOf(options, io);
  if (options.base !== undefined && !options.affected) {
    throw usageError('--base counts changes for --affected, which is not there', {
      code: 'bad-option',
      hint: 'Add --affected, or compare: perfkeel compare --against <ref>.',
    });
  }
  const config = await loadConfig(io, options.dir);
  const choice = { filters, kinds: options.kind, tags: options.tag, projects: options.project };
  const chosen = await chooseProjects(choice, config, io);
  if (chosen === undefined) return await runProject(filters, options, io, config);
  const [first, ...others] = chosen;
  // Not an empty run: what was named has nothing to measure, as the screen says.
  if (first === undefined) return ExitCode.Ok;
  const asked = { ...options, wordsFrom: config.root };
  if (others.length > 0) return await runProjects(chosen, asked, runProject, io);
  return await runProject(first.filters, { ...asked, dir: first.project.root }, io);
}

/** The same for the project of one folder. */
async function runProject(
  filters: readonly string[],
  options: RunOptions,
  io: Io,
  read?: ResolvedConfig,
): Promise<number> {
  const config = read ?? (await loadConfig(io, options.dir));
  if (!isShort(options, io)) await checkStore(config);
  await tellUnfinished(config, io);
  const part = options.affected ? await affectedPart(filters, options, config, io) : { filters };
  // Not an empty run: nothing was to be measured, and the reasons are on the screen.
  if ('nothing' in part && part.nothing) return ExitCode.Ok;
  const asked = 'skipped' in part ? { ...options, skipped: part.skipped, chosen: part.remembered } : options;
  const measured = await measure(asked, io, (watched) =>
    measureProject({ ...measureOptions(part.filters, asked, config, io), ...watched }),
  );
  if (!('skipped' in part)) return await finishRun(measured, asked, config, io);
  return await finishRun({ ...measured, run: withChoices(measured.run, part.choices) }, asked, config, io);
}

/** Compares, keeps and shows what was measured. Returns the exit code. */
export async function finishRun(
  { run, notKept }: Measured,
  options: RunOptions,
  config: ResolvedConfig,
  io: Io,
): Promise<number> {
  const { comparison, problem } = await compareIfAsked(run, options, config, io);
  const report: Report = comparison === undefined ? { run } : { run, comparison };
  options.onReport?.(report);
  const resumable = run.interrupted && notKept === undefined && hasResults(run) && !run.plan.short && !options.partial;
  const kept = await keep(report, config, resumable, io);
  const code = exitCode(report, [problem, kept.problem], options.strict ?? false);
  const unwritten = await show(report, kept.files, code, options, config, io);
  for (const error of [problem, kept.problem, unwritten]) {
    if (error !== undefined) io.stderr.write(renderError(error, io, options.verbose ?? false));
  }
  if (notKept !== undefined && kept.problem === undefined) {
    io.stderr.write(`warning  this run could not have been resumed: ${messageOf(notKept)}\n`);
  }
  if (run.interrupted) io.stderr.write(interruptedText(run, resumable, folderOption(config.root, io)));
  return exitCode(report, [problem, kept.problem, unwritten], options.strict ?? false);
}

/** @throws PerfError `bad-option`, exit code 2. */
export function checkNumbers({ rounds, seed }: Pick<RunOptions, 'rounds' | 'seed'>): void {
  for (const [flag, value] of Object.entries({ '--rounds': rounds, '--seed': seed })) {
    const most = flag === '--rounds' ? mostRounds : 2 ** 32;
    if (value === undefined || (Number.isInteger(value) && value <= most)) continue;
    throw usageError(`${flag} is not a whole number from 1 to ${most}`, {
      code: 'bad-option',
      hint: `Write ${flag} 10.`,
    });
  }
}

/** A run, and why it was not kept while it worked. */
export interface Measured {
  readonly run: Run;
  readonly notKept?: unknown;
}

/** What measuring is told with. */
type WatchedOptions = Required<Pick<MeasureProjectOptions, 'signal' | 'onEvent'>>;

/** Shows how it goes while `work` measures, and ends it at Ctrl-C. */
export async function measure(
  options: RunOptions,
  io: Io,
  work: (watched: WatchedOptions) => Promise<Run>,
): Promise<Measured> {
  const tell = createEventLines(eventPlaces(options, io), io);
  const live = createLive(io, { output: options.verbose ?? false, against: options.against });
  const abort = new AbortController();
  let notKept: unknown;
  io.onSignal(() => {
    // A second Ctrl-C does not wait: targets are ended by their supervisors when this process is gone.
    if (abort.signal.aborted) process.exit(ExitCode.Interrupted);
    abort.abort();
  });
  const onEvent = (event: RunEvent): void => {
    live.onEvent(event);
    tell(event);
    if (event.type === 'not-kept') notKept = event.error;
  };
  try {
    return { run: await work({ signal: abort.signal, onEvent }), notKept };
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    throw interrupted();
  } finally {
    live.end();
  }
}

const isShort = (options: RunOptions, io: Io): boolean => options.short ?? io.env['PERFKEEL_SHORT'] === '1';

export function measureOptions(
  filters: readonly string[],
  options: RunOptions,
  config: ResolvedConfig,
  io: Io,
): MeasureProjectOptions {
  return {
    root: config.root,
    name: config.name,
    include: config.include,
    exclude: config.exclude,
    filters,
    cwd: io.cwd,
    wordsFrom: options.wordsFrom,
    conditions: config.conditions,
    kinds: options.kind,
    tags: options.tag,
    rounds: options.rounds,
    seed: options.seed,
    short: isShort(options, io),
    examine: io.env['PERFKEEL_EXAMINE'] !== '0',
    tolerance: config.tolerance,
    roundTimeoutMs: config.roundTimeoutMs,
    tool: `perfkeel ${readVersion()}`,
    unfinished: openUnfinished(config),
    remembered: {
      strict: options.strict ?? false,
      ...(options.against === undefined ? {} : { against: options.against }),
      ...(options.chosen === undefined ? {} : { chosen: options.chosen }),
    },
  };
}

interface Compared {
  readonly comparison?: ComparisonReport | undefined;
  readonly problem?: unknown;
}

/** A baseline that is missing or broken must not lose what was just measured. */
async function compareIfAsked(run: Run, options: RunOptions, config: ResolvedConfig, io: Io): Promise<Compared> {
  if (options.against === undefined || run.interrupted || run.plan.short) return {};
  try {
    const store = openStore(config, io);
    const base = await findBase(store, { head: run, name: options.against, config, cwd: io.cwd });
    tellWarnings(store, io);
    const baseRun = options.skipped === undefined ? base.run : withoutSkipped(base.run, await options.skipped());
    return { comparison: withReason(compareRuns(baseRun, run, config.change), base) };
  } catch (problem) {
    return { problem };
  }
}

interface Kept {
  readonly files?: ResultFiles | undefined;
  readonly problem?: unknown;
}

/**
 * A rehearsal is no record, and neither is a run that can go on: it is kept where it was. A full or read-only disk does
 * not hide the results that are on the screen, and leaves a run where it can be taken up again.
 */
async function keep(report: Report, config: ResolvedConfig, resumable: boolean, io: Io): Promise<Kept> {
  const { run } = report;
  try {
    // The record first: reports can be made from it again.
    if (!run.plan.short && !resumable && run.measurements.length > 0) await openStore(config, io).saveRun(run);
    const files = await writeResults(report, config);
    if (!resumable) await openUnfinished(config).remove(run.id);
    return { files };
  } catch (problem) {
    return { problem };
  }
}

/** Prints and writes it in every form that was asked for. Returns what could not be written. */
function show(
  report: Report,
  files: ResultFiles | undefined,
  code: number,
  options: RunOptions,
  config: ResolvedConfig,
  io: Io,
): Promise<unknown> {
  const html = files && relative(io.cwd, files.html);
  const terminal = {
    verbose: options.verbose ?? false,
    stored: files !== undefined && !report.run.plan.short,
    paths: { root: io.cwd, ...(html === undefined ? {} : { html }) },
  };
  const context = { root: config.root, noChange: config.change.warn, exitCode: code, terminal };
  return writeReports(report, reportersOf(options, io), context, io);
}

export function exitCode({ run, comparison }: Report, problems: readonly unknown[], strict: boolean): number {
  if (run.interrupted) return ExitCode.Interrupted;
  const kind = comparison ? joinKinds(run.verdict.kind, comparison.verdict.kind) : run.verdict.kind;
  const own = exitCodeOf(kind, strict);
  const others = problems.map((error) =>
    error === undefined ? ExitCode.Ok : error instanceof PerfError ? error.exitCode : ExitCode.CouldNotMeasure,
  );
  const worst = [ExitCode.CouldNotMeasure, ExitCode.Usage, ExitCode.Failed, ExitCode.Inconclusive];
  return worst.find((code) => code === own || others.includes(code)) ?? ExitCode.Ok;
}
