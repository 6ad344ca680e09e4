import { Bench } from 'tinybench';
import { msFromNanos, nanos, type Clock, type Nanos } from '@perfkeel/core';
import type { TimeBatch } from './warm-up.ts';

/** A slow operation is measured this often even when the time is over. */
const fewestBatches = 5;
/** A synchronous benchmark must let the process hear that it should stop. */
const longestDeafness = nanos(250e6);

/** Batches of one size, in the order in which they ran. */
export interface TimedBatches {
  readonly batchSize: number;
  /** How long each batch lasted. */
  readonly elapsed: readonly Nanos[];
  /** Processor time of the whole process during all batches together, in nanoseconds. */
  readonly cpu: ProcessorTime;
}

/** In nanoseconds. */
export interface ProcessorTime {
  readonly user: number;
  readonly system: number;
}

/** How much to measure. */
export interface BatchesPlan {
  readonly batchSize: number;
  readonly time: Nanos;
  readonly short: boolean;
}

/**
 * tinybench keeps the time budget; its unit of work is one batch, which times itself, so that the times stay in the
 * order in which they were measured. Processor time is read around each batch, off the clock: a microsecond.
 */
export async function timeBatches(
  timeBatch: TimeBatch,
  { batchSize, time, short }: BatchesPlan,
  between: () => Promise<void>,
): Promise<TimedBatches> {
  const elapsed: Nanos[] = [];
  let [user, system] = [0, 0];
  const runBatch = async (): Promise<{ overriddenDuration: number }> => {
    const before = process.cpuUsage();
    const took = await timeBatch(batchSize);
    const spent = process.cpuUsage(before);
    user += spent.user;
    system += spent.system;
    elapsed.push(took);
    return { overriddenDuration: msFromNanos(took) };
  };
  await runFor(msFromNanos(time), short ? 1 : fewestBatches, runBatch, between);
  return { batchSize, elapsed, cpu: { user: user * 1e3, system: system * 1e3 } };
}

/** What was thrown is kept aside and thrown again as it is: tinybench makes an `Error` of everything. */
async function runFor(
  time: number,
  iterations: number,
  runBatch: () => Promise<unknown>,
  between: () => Promise<void>,
): Promise<void> {
  let thrown: { readonly value: unknown } | undefined;
  const keeping = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await work();
    } catch (value) {
      thrown ??= { value };
      throw value;
    }
  };
  const bench = new Bench({ time, iterations, warmup: false, throws: true });
  bench.add('batch', () => keeping(runBatch), { async: true, beforeEach: () => keeping(between) as Promise<void> });
  await bench.run().catch((error: unknown) => {
    throw thrown ? thrown.value : error;
  });
}

/** Between batches, off the clock: gives the event loop a turn when it has waited for long, and obeys the signal. */
export function listening(clock: Clock, signal: AbortSignal): () => Promise<void> {
  let last = clock.now();
  return async () => {
    signal.throwIfAborted();
    if (clock.now() - last < longestDeafness) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = clock.now();
  };
}
