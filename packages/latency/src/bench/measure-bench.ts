import { nanos, type DurationText, type Warning } from '@perfkeel/core';
import { fullContext, type MeasureContext } from '../measure-context.ts';
import { functionOption, optionsObject, positiveDuration } from '../options.ts';
import { atTheFloor } from './floor.ts';
import { sink } from './sink.ts';
import { timeBatches, type TimedBatches } from './timed-batches.ts';
import { measureFloor, primeLoops, timeAwaitedCalls, timeCalls, type TimedLoop } from './timed-loop.ts';

/** A piece of code to be timed in a tight loop. */
export interface BenchSubject<State = undefined> {
  /** The operation. Return a value that depends on the work; a returned promise is awaited. */
  readonly run: (state: State) => unknown;
  /** Makes what `run` works on: once, outside the clock. */
  readonly setup?: () => State | Promise<State>;
  /** How long to measure, after a warm-up of a third of it. @default '300ms' */
  readonly time?: DurationText;
}

/** What one process says of one piece of code. */
export interface BenchResult {
  /** Nanoseconds per operation: the mean of each batch, in the order in which they ran. */
  readonly timePerOperation: readonly number[];
  /** Operations in each batch. */
  readonly batchSize: number;
  /** All timed operations: batch size times number of batches. */
  readonly iterations: number;
  /** Operations per second of the timed part. */
  readonly throughput: number;
  /** Nanoseconds per operation of an empty function in the same loop. Part of every number above. */
  readonly floor: number;
  /** Whether the operation returned a promise. */
  readonly async: boolean;
  readonly warnings: readonly Warning[];
}

const defaultTime = '300ms';
const shortTime = nanos(30e6);

/** @throws PerfError with exit code 2 when an option is wrong. */
export function checkBenchSubject<State>(subject: BenchSubject<State>): void {
  optionsObject('bench', subject);
  functionOption('run', subject.run, true);
  functionOption('setup', subject.setup, false);
  if (subject.time !== undefined) positiveDuration('time', subject.time);
}

/**
 * Measures the time per operation of a piece of code in this process: warm-up, batches of about 1 ms, results
 * consumed.
 *
 * One process is one sample of how the engine compiled the code and where it lies in memory: a claim needs several.
 *
 * @throws whatever `setup` or `run` throws, as it is
 * @example
 * const { timePerOperation } = await measureBench({ run: () => JSON.parse('{"a":1}') });
 */
export async function measureBench<State = undefined>(
  subject: BenchSubject<State>,
  context: MeasureContext = {},
): Promise<BenchResult> {
  checkBenchSubject(subject);
  const surroundings = fullContext(context);
  surroundings.signal.throwIfAborted();
  const state = (await subject.setup?.()) as State;
  const run = subject.run as (state: unknown) => unknown;
  const async = await returnsPromise(run, state);
  const loop = async ? timeAwaitedCalls : timeCalls;
  await primeLoops();
  const budget = surroundings.short ? shortTime : positiveDuration('time', subject.time ?? defaultTime);
  const timed = await timeBatches((count) => loop(surroundings.clock, run, state, count), budget, surroundings);
  return summarise(timed, await measureFloor(loop, surroundings.clock, timed.batchSize), loop);
}

/** One call decides, not the name of the function's type: an ordinary function may return a promise. */
async function returnsPromise(run: (state: unknown) => unknown, state: unknown): Promise<boolean> {
  const value = run(state);
  const async = typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
  sink.value = async ? await value : value;
  return async;
}

function summarise({ batchSize, elapsed }: TimedBatches, floor: number, loop: TimedLoop): BenchResult {
  const timePerOperation = elapsed.map((ns) => ns / batchSize);
  const iterations = batchSize * elapsed.length;
  const total = elapsed.reduce((sum, ns) => sum + ns, 0);
  return {
    timePerOperation,
    batchSize,
    iterations,
    throughput: (iterations / total) * 1e9,
    floor,
    async: loop === timeAwaitedCalls,
    warnings: atTheFloor(timePerOperation, floor),
  };
}
