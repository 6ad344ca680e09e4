import { serialiseError, type Failure, type Measurement, type RoundResult, type RunPlan } from '@perfkeel/core';
import { failureOf } from './assemble-run.ts';
import { halfRoundMeasurements } from './journal/half-round.ts';
import type { HalfRound, JournalEntry } from './journal/journal-entry.ts';
import type { MeasureProjectOptions, RunEvent } from './measure-project.ts';
import { lastsMs, measureRound } from './measure-round.ts';
import { orderRounds, type PlannedBenchmark, type PlannedRound } from './plan.ts';
import { isStoppedEarly } from './stopped-early.ts';

/** What is kept of a run while it works. */
export interface RoundKeeper {
  /** Where a round may keep what it has; absent where nothing is kept, or cannot be. */
  readonly folder?: string | undefined;
  add(entry: JournalEntry): Promise<void>;
  keepHalf(half: HalfRound): Promise<void>;
}

export interface RoundsOptions extends MeasureProjectOptions {
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  /** Rounds that were finished or failed before. */
  readonly before: readonly JournalEntry[];
  /** What a round that was cut short then had measured. */
  readonly halfBefore?: HalfRound | undefined;
  readonly keeper: RoundKeeper;
  /** Milliseconds of measuring until now. */
  readonly elapsedMs: () => number;
}

export interface Results {
  readonly measurements: Measurement[];
  readonly failures: Failure[];
  /** Every round was measured, failed, or was left out because one before it had failed. */
  readonly complete: boolean;
}

const keyOf = (benchmark: string, round: number): string => `${round} ${benchmark}`;

/** A round may say every moment what it has; the disk gets it no more often than so. */
const keepHalfEveryMs = 5000;

/** Measures what is missing, in the order of the plan, and keeps each round as soon as it is there. */
export async function measureRounds(
  benchmarks: readonly PlannedBenchmark[],
  plan: RunPlan,
  options: RoundsOptions,
): Promise<Results> {
  const { onEvent, signal, before, keeper, elapsedMs } = options;
  const order = orderRounds(benchmarks, plan.seed);
  onEvent({ type: 'planned', plan, rounds: order.length });
  const entries: JournalEntry[] = [...before];
  const known = new Set(before.map(({ benchmark, round }) => keyOf(benchmark, round)));
  const over = new Set(before.filter(isLast).map(({ benchmark }) => benchmark));
  let half = options.halfBefore;
  let halfKeptAt = -Infinity;
  for (const [done, planned] of order.entries()) {
    const benchmark = planned.benchmark.plan.id;
    const { round } = planned;
    // What failed once would fail again, and every attempt may wait for a time-out.
    if (over.has(benchmark) || known.has(keyOf(benchmark, round))) continue;
    if (signal.aborted) return resultsOf(entries, half);
    onEvent({ type: 'round', benchmark, round, done, rounds: order.length });
    if (half?.benchmark !== benchmark || half.round !== round) half = undefined;
    const outcome = await attempt(planned, plan, options, (partial) => {
      half = { ...partial, elapsedMs: elapsedMs() };
      if (half.elapsedMs < halfKeptAt + keepHalfEveryMs) return;
      halfKeptAt = half.elapsedMs;
      void keeper.keepHalf(half);
    });
    if (outcome === undefined) return resultsOf(entries, half);
    const entry: JournalEntry = { elapsedMs: elapsedMs(), benchmark, round, ...withHalf(outcome, half) };
    half = undefined;
    if (isLast(entry)) over.add(benchmark);
    entries.push(entry);
    await keeper.add(entry);
  }
  return resultsOf(entries, undefined, true);
}

/** A failure is the end of its benchmark; so is a round that broke a promise beyond rescue. */
export const isLast = ({ failures, measurements }: JournalEntry): boolean =>
  failures.length > 0 || measurements.some(({ warnings }) => warnings.some(isStoppedEarly));

/** The results of rounds, and of the one that was cut short: then they are not complete. */
export function resultsOf(entries: readonly JournalEntry[], half?: HalfRound, complete = false): Results {
  return {
    measurements: [
      ...entries.flatMap(({ measurements }) => measurements),
      ...(half ? halfRoundMeasurements(half) : []),
    ],
    failures: entries.flatMap(({ failures }) => failures),
    complete,
  };
}

type Outcome = Pick<JournalEntry, 'measurements' | 'failures'>;

/** What a round had measured until it failed is kept beside its failure: the way to it is mostly why one looks. */
const withHalf = (outcome: Outcome, half: HalfRound | undefined): Outcome =>
  outcome.failures.length === 0 || half === undefined
    ? outcome
    : { ...outcome, measurements: halfRoundMeasurements(half) };

/** One round. `undefined` when it was interrupted. */
async function attempt(
  planned: PlannedRound,
  plan: RunPlan,
  options: RoundsOptions,
  onHalf: (half: Omit<HalfRound, 'elapsedMs'>) => void,
): Promise<Outcome | undefined> {
  const { onEvent, signal } = options;
  const { round } = planned;
  const benchmark = planned.benchmark.plan.id;
  try {
    const result = await measurePlanned(planned, plan, options, onHalf);
    onEvent({ type: 'measured', benchmark, round, result });
    return { measurements: recorded(planned, result), failures: [] };
  } catch (error) {
    if (signal.aborted) return undefined;
    const failure = failureOf(benchmark, round, serialiseError(error));
    onEvent({ type: 'failed', failure });
    return { measurements: [], failures: [failure] };
  }
}

export const defaultTimeoutMs = 300_000;

function measurePlanned(
  planned: PlannedRound,
  plan: RunPlan,
  options: RoundsOptions,
  onHalf: (half: Omit<HalfRound, 'elapsedMs'>) => void,
): Promise<RoundResult> {
  const { onEvent, signal, keeper } = options;
  const benchmark = planned.benchmark.plan.id;
  const ofMs = lastsMs(planned);
  return measureRound(planned, {
    root: options.root,
    seed: plan.seed,
    short: plan.short,
    folder: keeper.folder,
    watch: options.examine && !plan.short,
    signal,
    timeoutMs: options.roundTimeoutMs ?? defaultTimeoutMs,
    onProgress: (text) => onEvent({ type: 'progress', benchmark, text }),
    onOutput: (text) => onEvent({ type: 'output', benchmark, text }),
    onRetry: (retry) => onEvent({ type: 'retried', benchmark, retry }),
    onCheckpoint: (result, afterMs) =>
      onHalf({
        ...{ benchmark, round: planned.round, afterMs, measurements: recorded(planned, result) },
        ...(ofMs > 0 ? { ofMs } : {}),
      }),
  });
}

/** The measurements of a round, with the benchmark and round that they belong to. */
function recorded({ benchmark, round }: PlannedRound, result: RoundResult): Measurement[] {
  return result.measurements.map(({ metric, data, dropped = 0, warnings = [] }, index) => ({
    benchmark: benchmark.plan.id,
    metric,
    round,
    data,
    dropped,
    // Remarks on the round as a whole stand with its first measurement; what forbids conclusions, with each.
    warnings: [...(result.warnings ?? []).filter(({ forbids }) => index === 0 || forbids !== undefined), ...warnings],
    ...(result.input === undefined ? {} : { input: result.input }),
  }));
}
