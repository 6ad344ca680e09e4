import { Bench } from 'tinybench';
import { msFromNanos, nanos, type Nanos } from '@perfkeel/core';
import type { FullContext } from '../measure-context.ts';
import { batchTarget, calibrateBatch } from './batch-size.ts';

/** Enough to find the batch size, however little time there is. */
const shortestWarmupMs = 10;
/** A slow operation is measured this often even when the time is over. */
const fewestBatches = 5;
/** A synchronous benchmark must let the process hear that it should stop. */
const longestDeafness = nanos(250e6);

/** Batches of one size, in the order in which they ran. */
export interface TimedBatches {
  readonly batchSize: number;
  /** How long each batch lasted. */
  readonly elapsed: readonly Nanos[];
}

/**
 * tinybench runs the phases and keeps the time budget; its unit of work is one batch, which times itself, so that the
 * times stay in the order in which they were measured.
 */
export async function timeBatches(
  timeBatch: (count: number) => Nanos | Promise<Nanos>,
  budget: Nanos,
  { signal, short, clock, collectGarbage }: FullContext,
): Promise<TimedBatches> {
  const calibration = calibrateBatch(batchTarget(budget));
  const elapsed: Nanos[] = [];
  let batchSize: number | undefined;
  const runBatch = async (): Promise<{ overriddenDuration: number; overriddenIterationCost: number }> => {
    const took = await timeBatch(batchSize ?? calibration.size);
    if (batchSize === undefined) calibration.observe(took);
    else elapsed.push(took);
    const ms = msFromNanos(took);
    return { overriddenDuration: ms, overriddenIterationCost: ms };
  };
  const startPhase = (_: unknown, phase?: 'run' | 'warmup'): void => {
    if (phase !== 'run') return;
    batchSize = calibration.size;
    collectGarbage();
  };
  await runPhases(runBatch, {
    time: msFromNanos(budget),
    warmupTime: Math.max(shortestWarmupMs, msFromNanos(budget) / 3),
    iterations: short ? 1 : fewestBatches,
    warmupIterations: 1,
    setup: startPhase,
    between: listening(clock, signal),
  });
  return { batchSize: batchSize ?? 1, elapsed };
}

interface Phases {
  readonly time: number;
  readonly warmupTime: number;
  readonly iterations: number;
  readonly warmupIterations: number;
  readonly setup: (task: unknown, phase?: 'run' | 'warmup') => void;
  readonly between: () => Promise<void>;
}

/** What was thrown is kept aside and thrown again as it is: tinybench makes an `Error` of everything. */
async function runPhases(runBatch: () => Promise<unknown>, { between, ...phases }: Phases): Promise<void> {
  let thrown: { readonly value: unknown } | undefined;
  const keeping = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await work();
    } catch (value) {
      thrown ??= { value };
      throw value;
    }
  };
  const bench = new Bench({ ...phases, throws: true });
  bench.add('batch', () => keeping(runBatch), { async: true, beforeEach: () => keeping(between) as Promise<void> });
  await bench.run().catch((error: unknown) => {
    throw thrown ? thrown.value : error;
  });
}

/** Between batches, off the clock: gives the event loop a turn when it has waited for long, and obeys the signal. */
function listening(clock: FullContext['clock'], signal: AbortSignal): () => Promise<void> {
  let last = clock.now();
  return async () => {
    signal.throwIfAborted();
    if (clock.now() - last < longestDeafness) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = clock.now();
  };
}
