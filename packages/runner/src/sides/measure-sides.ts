import { performance } from 'node:perf_hooks';
import { deriveSeed, serialiseError, usageError, type Fitness, type Run, type Tolerance } from '@perfkeel/core';
import { failureOf } from '../assemble-run.ts';
import { examineMachine } from '../fitness/examine-machine.ts';
import { measureRound } from '../measure-round.ts';
import type { RunEvent } from '../measure-project.ts';
import type { MachineState } from '../environment.ts';
import { orderSides, type SideName, type SideRound } from './order-sides.ts';
import { RoundTimes } from './round-times.ts';
import { SideRecord } from './side-record.ts';
import { flagsOfSide } from './side-flags.ts';
import type { Side } from './side.ts';

/** The first set of rounds, and the independent second one of what looked changed in it. */
export type Stage = 'screen' | 'confirm';

/** What becomes of a benchmark: measured on, decided, or measured again from the beginning. */
export type Judged = 'more' | 'done' | 'confirm';

export interface SidesRuns {
  readonly base: Run;
  readonly head: Run;
}

/** Looks at the data so far, at the numbers of rounds that were fixed before. A benchmark not named is measured on. */
export type JudgeSides = (stage: Stage, look: number, runs: JudgedRuns) => ReadonlyMap<string, Judged>;

/** In the second stage with what the first one measured. */
export interface JudgedRuns extends SidesRuns {
  readonly screen?: SidesRuns | undefined;
}

export type SidesEvent =
  | RunEvent
  /** The rounds of both sides up to the next look. */
  | {
      readonly type: 'stage';
      readonly stage: Stage;
      readonly benchmarks: readonly string[];
      readonly look: number;
      readonly rounds: number;
    };

export interface MeasureSidesOptions {
  readonly base: Side;
  readonly head: Side;
  /** Rounds a side after which the data are looked at, increasing. A stopping rule holds for these looks only. */
  readonly looks: readonly number[];
  readonly confirmLooks: readonly number[];
  /** Milliseconds for all rounds. The round that is under way when it ends is measured to its end. */
  readonly budgetMs: number;
  readonly seed: number;
  readonly judge: JudgeSides;
  /** Measures what is identical too: how much two equal sides differ here. @default false */
  readonly calibrate?: boolean | undefined;
  /** Looks at the machine before, during every round and, unless these were few, after. @default false */
  readonly examine?: boolean | undefined;
  readonly tolerance?: Tolerance | undefined;
  readonly roundTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: SidesEvent) => void) | undefined;
}

/** Where the time went, in milliseconds. */
export interface SidesSpent {
  /** In rounds, with the start and the end of their processes. */
  readonly roundsMs: number;
  readonly totalMs: number;
  /** Rounds of both sides. */
  readonly rounds: number;
  /** Of a round of each benchmark that was measured, on average. */
  readonly roundMs: ReadonlyMap<string, number>;
  /** Whether the budget ended it, and how much that was. */
  readonly exhausted: boolean;
  readonly budgetMs: number;
}

export interface MeasuredSides extends SidesRuns {
  /** The second set, of what `judge` wanted to see again. */
  readonly confirmation?: SidesRuns | undefined;
  /** Flags of Node that processes of micro-benchmarks got on both sides. */
  readonly nodeFlags: readonly string[];
  /** Benchmarks that execute the same on both sides. Without `calibrate` they were not measured. */
  readonly identical: readonly string[];
  readonly spent: SidesSpent;
}

/** From here on nothing new is screened when something waits to be confirmed. */
const screenShare = 0.6;
/** Rounds up to the next look are begun as long as they would have to be no more than this much faster than before. */
const hope = 1.25;
const defaultTimeoutMs = 300_000;
/** A look takes a second or two, and every round was watched: after fewer rounds another one costs more than it tells. */
const worthAnotherLookMs = 30_000;

/**
 * Measures two sides of a project against each other: rounds of both interleaved in a balanced random order, each in a
 * fresh process against a fresh target, with equal seeds on both sides. What disturbs the machine for a while falls on
 * both sides alike, whichever statistic is looked at.
 *
 * Rounds of a benchmark go on until `judge` calls it done, or the last look or the budget is reached. What it wants
 * confirmed is measured again from zero, with other seeds, in a second set that shares nothing with the first.
 */
export async function measureSides(options: MeasureSidesOptions): Promise<MeasuredSides> {
  refuseBadLooks(options);
  const began = performance.now();
  const identical = identicalOf(options.base, options.head);
  const common = idsInBoth(options.base, options.head);
  const ids = options.calibrate ? common : common.filter((id) => !identical.includes(id));
  const nodeFlags = flagsOfSide(options.head, ids);
  const measuring = new Measuring(options);
  await measuring.lookAtMachine(ids.length > 0);
  const screen = await measuring.stage('screen', ids, options.looks, options.seed);
  const confirmation =
    screen.wanted.length === 0 || options.signal?.aborted
      ? undefined
      : await measuring.stage(
          'confirm',
          screen.wanted,
          options.confirmLooks,
          deriveSeed(options.seed, 2 ** 20),
          screen,
        );
  await measuring.lookAtMachine(measuring.spent().roundsMs >= worthAnotherLookMs);
  return {
    ...measuring.runs(screen),
    ...(confirmation === undefined ? {} : { confirmation: measuring.runs(confirmation) }),
    ...{ nodeFlags, identical },
    spent: { ...measuring.spent(), totalMs: performance.now() - began },
  };
}

function refuseBadLooks({ looks, confirmLooks }: MeasureSidesOptions): void {
  const bad = [looks, confirmLooks].find(
    (list) => list.length === 0 || list.some((look, i) => !Number.isInteger(look) || look <= (list[i - 1] ?? 0)),
  );
  if (bad === undefined) return;
  throw usageError(`looks are at ${bad.join(', ') || 'no round'}: expected increasing whole numbers`, {
    code: 'bad-option',
    hint: 'Write looks: [6, 10, 16].',
  });
}

const idsInBoth = (base: Side, head: Side): string[] =>
  head.benchmarks.map(({ plan }) => plan.id).filter((id) => base.benchmarks.some(({ plan }) => plan.id === id));

/** Benchmarks that execute the same on both sides. */
export const identicalOf = (base: Side, head: Side): string[] =>
  idsInBoth(base, head).filter((id) => {
    const artifact = head.artifacts.get(id);
    return artifact !== undefined && artifact === base.artifacts.get(id);
  });

interface StageResult {
  readonly base: SideRecord;
  readonly head: SideRecord;
  readonly wanted: readonly string[];
}

class Measuring {
  readonly #options: MeasureSidesOptions;
  readonly #began = performance.now();
  readonly #examined: Fitness[] = [];
  readonly #times = new RoundTimes();
  #exhausted = false;

  constructor(options: MeasureSidesOptions) {
    this.#options = options;
  }

  async lookAtMachine(wanted: boolean): Promise<void> {
    if (!this.#options.examine || !wanted || this.#options.signal?.aborted) return;
    const fitness = await examineMachine();
    if (this.#examined.length === 0) this.#options.onEvent?.({ type: 'examined', fitness });
    this.#examined.push(fitness);
  }

  runs({ base, head }: StageResult): SidesRuns {
    const interrupted = this.#options.signal?.aborted ?? false;
    const [before, after] = this.#examined;
    const machine: MachineState = before === undefined ? {} : { examined: [before, after] };
    return { base: base.run(interrupted, machine), head: head.run(interrupted, machine) };
  }

  spent(): Omit<SidesSpent, 'totalMs'> {
    const { ms, rounds, means } = this.#times;
    const { budgetMs } = this.#options;
    return { roundsMs: ms, rounds, roundMs: means, exhausted: this.#exhausted, budgetMs };
  }

  async stage(
    stage: Stage,
    ids: readonly string[],
    looks: readonly number[],
    seed: number,
    before?: StageResult,
  ): Promise<StageResult> {
    const screen = before && this.runs(before);
    const { base, head, tolerance, judge, onEvent } = this.#options;
    const now = Date.now();
    const records = {
      base: new SideRecord(base, ids, seed, { startedAt: new Date(now), tolerance }),
      // Runs sort by the time in their ids: of the two, head is the newer one.
      head: new SideRecord(head, ids, seed, { startedAt: new Date(now + 1), tolerance }),
    };
    const wanted: string[] = [];
    let active = [...ids];
    for (const [index, look] of looks.entries()) {
      if (active.length === 0 || this.#ends(stage, wanted)) break;
      const order = orderSides(active, looks[index - 1] ?? 0, look, seed);
      if (!this.#fits(order, stage, wanted)) break;
      onEvent?.({ type: 'stage', stage, benchmarks: active, look, rounds: order.length });
      // A stopping rule holds at its looks only: what the budget cut short is not judged.
      if (!(await this.#step(order, stage, wanted, records, seed))) break;
      const judged = judge(stage, look, { ...this.runs({ ...records, wanted }), screen });
      wanted.push(...active.filter((id) => judged.get(id) === 'confirm'));
      active = active.filter((id) => (judged.get(id) ?? 'more') === 'more' && !this.#failed(records, id));
    }
    return { ...records, wanted };
  }

  /** Whether the budget, or the interruption, allows no more of a stage. */
  #ends(stage: Stage, wanted: readonly string[]): boolean {
    const over = this.#remainingMs(stage, wanted) <= 0;
    if (over) this.#exhausted = true;
    return over || (this.#options.signal?.aborted ?? false);
  }

  /** Whether so many rounds can be expected to end within the budget: what it cuts short is not judged. */
  #fits(order: readonly SideRound[], stage: Stage, wanted: readonly string[]): boolean {
    const expectedMs = this.#times.expectedMs(order.map(({ id }) => id));
    const fits = expectedMs <= hope * this.#remainingMs(stage, wanted);
    if (!fits) this.#exhausted = true;
    return fits;
  }

  #remainingMs(stage: Stage, wanted: readonly string[]): number {
    const share = stage === 'screen' && wanted.length > 0 ? screenShare : 1;
    return this.#options.budgetMs * share - (performance.now() - this.#began);
  }

  #failed({ base, head }: Record<SideName, SideRecord>, id: string): boolean {
    return [...base.failures, ...head.failures].some(({ benchmark }) => benchmark === id);
  }

  async #step(
    order: readonly SideRound[],
    stage: Stage,
    wanted: readonly string[],
    records: Record<SideName, SideRecord>,
    seed: number,
  ): Promise<boolean> {
    for (const [done, round] of order.entries()) {
      // Both sides of a round, or neither.
      if (done % 2 === 0 && this.#ends(stage, wanted)) return false;
      if (this.#options.signal?.aborted) return false;
      // What failed once would fail again, and every attempt may wait for a time-out.
      if (this.#failed(records, round.id)) continue;
      this.#options.onEvent?.({ type: 'round', benchmark: round.id, round: round.round, done, rounds: order.length });
      await this.#measure(round, records[round.side], seed);
    }
    return !this.#options.signal?.aborted;
  }

  async #measure({ id, round, side }: SideRound, record: SideRecord, seed: number): Promise<void> {
    const { examine, signal = neverAborted, roundTimeoutMs, onEvent = () => undefined } = this.#options;
    const began = performance.now();
    const benchmark = record.benchmark(id);
    try {
      const result = await measureRound(
        { benchmark, round },
        {
          root: this.#options[side].root,
          seed,
          short: false,
          watch: examine,
          signal,
          timeoutMs: roundTimeoutMs ?? defaultTimeoutMs,
          onProgress: (text) => onEvent({ type: 'progress', benchmark: id, text }),
          onOutput: (text) => onEvent({ type: 'output', benchmark: id, text }),
          onRetry: (retry) => onEvent({ type: 'retried', benchmark: id, retry }),
        },
      );
      record.record(id, round, result);
      onEvent({ type: 'measured', benchmark: id, round, result });
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(id, round, serialiseError(error));
      record.failures.push(failure);
      onEvent({ type: 'failed', failure });
    } finally {
      this.#times.add(id, performance.now() - began);
    }
  }
}

const neverAborted = new AbortController().signal;
