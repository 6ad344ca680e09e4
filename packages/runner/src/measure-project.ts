import { performance } from 'node:perf_hooks';
import { join, relative, sep } from 'node:path';
import {
  PerfError,
  type Failure,
  type Fitness,
  type Inventory,
  type RoundResult,
  type Run,
  type RunPlan,
  type Tolerance,
} from '@perfkeel/core';
import { assembleRun } from './assemble-run.ts';
import { declareFiles } from './declare-files.ts';
import { discover } from './discover.ts';
import { joinEnvironments, readEnvironment } from './environment.ts';
import { examineMachine } from './fitness/examine-machine.ts';
import { cpuPressure } from './fitness/pressure.ts';
import type { JournalHead, Remembered, Selected } from './journal/journal-entry.ts';
import { refuseDifferences } from './journal/plan-differences.ts';
import type { UnfinishedRun, UnfinishedRuns } from './journal/unfinished-runs.ts';
import { defaultTimeoutMs, measureRounds, type RoundKeeper } from './measure-rounds.ts';
import { inventoryOf, nothingFits, planBenchmarks, type PlannedBenchmark, type Selection } from './plan.ts';
import { readProvenance } from './provenance.ts';
import type { Retry } from './retry/with-retries.ts';
import { createRunId } from './run-id.ts';

/** What happens during a run, for whoever shows it. */
export type RunEvent =
  /** A perf file that takes more than some seconds to read, by its path for people. */
  | { readonly type: 'reading'; readonly file: string }
  | { readonly type: 'planned'; readonly plan: RunPlan; readonly rounds: number }
  /** The look at the machine when the run begins. */
  | { readonly type: 'examined'; readonly fitness: Fitness }
  | {
      readonly type: 'round';
      readonly benchmark: string;
      readonly round: number;
      readonly done: number;
      readonly rounds: number;
    }
  | { readonly type: 'progress'; readonly benchmark: string; readonly text: string }
  /** What the user's code printed. */
  | { readonly type: 'output'; readonly benchmark: string; readonly text: string }
  /** A target did not start, and is started again. */
  | { readonly type: 'retried'; readonly benchmark: string; readonly retry: Retry }
  | { readonly type: 'measured'; readonly benchmark: string; readonly round: number; readonly result: RoundResult }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** The run could not have gone on if it had been interrupted, because the disk is full for example. */
  | { readonly type: 'not-kept'; readonly error: unknown };

export interface MeasureProjectOptions extends Pick<Selection, 'kinds' | 'tags' | 'wordsFrom'> {
  /** The folder of the project, absolute. */
  readonly root: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Where paths among the filters start from. @default the root */
  readonly cwd?: string | undefined;
  readonly conditions?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Name and version of the program that measures. */
  readonly tool: string;
  /** Rounds of every benchmark, instead of what they declare. */
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  /** One round with as little work as possible: shows that everything runs, judges nothing. */
  readonly short?: boolean | undefined;
  readonly tolerance?: Tolerance | undefined;
  readonly roundTimeoutMs?: number | undefined;
  /**
   * Looks at the machine when the run begins and when it ends, and during every round. What it finds turns a fail on
   * times or rates into inconclusive; a pass stays a pass. Two seconds more; never in a rehearsal. @default false
   */
  readonly examine?: boolean | undefined;
  /** Where the run is kept while it works, so that it can go on after whatever end. @default it is not kept */
  readonly unfinished?: UnfinishedRuns | undefined;
  /** Kept with it, for whoever goes on with it. */
  readonly remembered?: Remembered | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Measures what the perf files of a project declare: in fresh processes, with interleaved rounds, and judges it.
 *
 * A benchmark that fails does not stop the others: it is in `failures`, and the verdict says so. An aborted `signal`
 * gives a run with `interrupted: true` and everything that had been measured.
 *
 * @throws PerfError `nothing-to-run` (exit 4) when no benchmark is found or selected; exit 2 for wrong declarations.
 */
export function measureProject(options: MeasureProjectOptions): Promise<Run> {
  return measureFrom(options);
}

/**
 * Goes on with a run that was interrupted: measures what is missing, under the same id. What decides what is measured
 * comes from the run; the rest from `options`.
 *
 * @throws PerfError `run-differs` (exit 2) when perf files, commit, machine or program are not as they were.
 */
export function resumeProject(run: UnfinishedRun, options: MeasureProjectOptions): Promise<Run> {
  const { seed, short } = run.head.plan;
  return measureFrom({ ...options, ...selectedOf(run.head.selected), seed, short }, run);
}

async function measureFrom(options: MeasureProjectOptions, before?: UnfinishedRun): Promise<Run> {
  const startedAt = new Date();
  const elapsedMs = stopwatch(before);
  const pressureBefore = cpuPressure();
  const { benchmarks, inventory } = await findBenchmarks(options);
  const { seed = 1, short = false } = options;
  const plan: RunPlan = { seed, short, benchmarks: benchmarks.map((each) => each.plan), inventory };
  const provenance = await readProvenance(options.root, options.tool, options.name);
  if (before !== undefined) {
    refuseDifferences(before, { root: options.root, plan, environment: readEnvironment(), provenance });
  }
  const fitness = await firstLook(options);
  const head: JournalHead = {
    id: before?.head.id ?? createRunId(startedAt),
    startedAt: before?.head.startedAt ?? startedAt.toISOString(),
    plan,
    environment: readEnvironment({ pressureBefore, examined: fitness && [fitness] }),
    provenance: before?.head.provenance ?? provenance,
    selected: selectedOf(options),
    remembered: options.remembered ?? {},
  };
  const { onEvent = () => undefined, signal = neverAborted } = options;
  const keeper = await openJournal(options, head, before);
  const earlier = { before: before?.entries ?? [], halfBefore: before?.half };
  const rounds = { ...options, onEvent, signal, keeper, elapsedMs, ...earlier };
  const { complete, ...results } = await measureRounds(benchmarks, plan, rounds);
  if (keeper.problem !== undefined) onEvent({ type: 'not-kept', error: keeper.problem });
  const examined = fitness && ([fitness, signal.aborted ? undefined : await examineMachine()] as const);
  const environment = readEnvironment({ pressureBefore, examined });
  return assembleRun(
    {
      ...{ id: head.id, startedAt: head.startedAt, provenance: head.provenance, plan },
      durationMs: Math.round(elapsedMs()),
      interrupted: !complete,
      environment: before === undefined ? environment : joinEnvironments(before.head.environment, environment),
      ...results,
    },
    options.tolerance,
  );
}

/** Milliseconds of measuring; the time between two processes is none. */
function stopwatch(before: UnfinishedRun | undefined): () => number {
  const began = performance.now();
  const earlier = before?.entries.at(-1)?.elapsedMs ?? 0;
  return () => earlier + performance.now() - began;
}

/** The look at the machine when measuring begins. */
async function firstLook({
  examine = false,
  short = false,
  signal,
  onEvent,
}: MeasureProjectOptions): Promise<Fitness | undefined> {
  if (!examine || short || signal?.aborted) return undefined;
  const fitness = await examineMachine();
  onEvent?.({ type: 'examined', fitness });
  return fitness;
}

const selectedOf = ({ filters, cwd, wordsFrom, kinds, tags, rounds, examine }: Selected): Selected => ({
  ...{ filters, cwd, wordsFrom, kinds, tags, rounds, examine },
});

/** A rehearsal is over in seconds, and no record. */
async function openJournal(
  { unfinished, short = false }: MeasureProjectOptions,
  head: JournalHead,
  before: UnfinishedRun | undefined,
): Promise<RoundKeeper & { readonly problem?: unknown }> {
  if (unfinished === undefined || short) return forgetful;
  return before === undefined ? await unfinished.begin(head) : await unfinished.goOn(before);
}

const forgetful: RoundKeeper = { add: () => Promise.resolve(), keepHalf: () => Promise.resolve() };

const neverAborted = new AbortController().signal;

interface Found {
  readonly benchmarks: readonly PlannedBenchmark[];
  readonly inventory: Inventory;
}

async function findBenchmarks(options: MeasureProjectOptions): Promise<Found> {
  const { root, conditions = [], signal = neverAborted } = options;
  const { files, names, others } = await discover(root, options);
  if (files.length === 0) {
    throw nothingToRun(
      `no perf file was found in ${root}`,
      'Name it *.perf.ts, or set `include` in perf.config; `perfkeel init` writes a first one.',
    );
  }
  // Below the project, wherever results go: what the bundles import is found from there.
  const outdir = join(root, '.perf', 'bundles');
  const declared = await declareFiles(files, {
    root,
    outdir,
    conditions,
    signal,
    timeoutMs: options.roundTimeoutMs ?? defaultTimeoutMs,
    onSlow: (file) => options.onEvent?.({ type: 'reading', file }),
  });
  const benchmarks = planBenchmarks(declared, { ...options, names }, options.short ? 1 : options.rounds);
  const unread = others.map((file) => relative(root, file).split(sep).join('/'));
  if (benchmarks.length > 0) return { benchmarks, inventory: inventoryOf(declared, unread) };
  const all = declared.flatMap(({ declarations }) => declarations.map(({ name }) => name));
  if (all.length > 0) throw nothingFits(all);
  throw nothingToRun(
    `${files.length} perf file${files.length === 1 ? ' declares' : 's declare'} nothing`,
    "Declare something: bench('parse', () => parse(text)).",
  );
}

const nothingToRun = (message: string, hint: string): PerfError =>
  new PerfError(message, { code: 'nothing-to-run', hint });
