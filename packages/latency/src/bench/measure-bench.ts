import { nanos, optionsObject, type DurationText, type Nanos, type Warning } from '@perfkeel/core';
import { calibrateClock, type ClockCalibration } from '../clock-calibration.ts';
import { fullContext, type FullContext, type MeasureContext } from '../measure-context.ts';
import { functionOption, positiveDuration } from '../options.ts';
import { measureAllocation } from './allocation.ts';
import { batchTarget } from './batch-size.ts';
import { watchingCollections, type Collections } from './collections.ts';
import { atTheFloor } from './floor.ts';
import { sink } from './sink.ts';
import { listening, timeBatches, type TimedBatches } from './timed-batches.ts';
import { measureFloor, primeLoops, timeAwaitedCalls, timeCalls, type Call, type TimedLoop } from './timed-loop.ts';
import { notSteadyBefore, notSteadyWhile, warmUp, type WarmUp, type WarmUpPlan } from './warm-up.ts';

/** A piece of code to be timed in a tight loop. */
export interface BenchSubject<State = undefined> {
  /** The operation. Return a value that depends on the work; a returned promise is awaited. */
  readonly run: (state: State) => unknown;
  /** Makes what `run` works on: once, outside the clock. */
  readonly setup?: () => State | Promise<State>;
  /** How long to measure. @default '300ms' */
  readonly time?: DurationText;
  /** How long a warm-up may take until the code is steady; it takes a third of `time` at least. @default 3 x `time` */
  readonly warmup?: DurationText;
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
  /** Processor time per operation of the whole process, its other threads included: nanoseconds, user and system. */
  readonly cpuTime: number;
  /** The part of it in user mode. */
  readonly userTime: number;
  /** The part of it in the kernel. */
  readonly systemTime: number;
  /** Bytes that an operation allocates, kept or not, array buffers included. Absent where that cannot be known. */
  readonly allocated?: number | undefined;
  /** Garbage collections during the timed part. Absent where the platform does not report them. */
  readonly collections?: number | undefined;
  /** The share of the timed part that they took, in [0, 1]. */
  readonly collectionTime?: number | undefined;
  /** Whether the code had settled before it was measured. */
  readonly warmup: WarmUp;
  /** Nanoseconds per operation of an empty function in the same loop. Part of every time above. */
  readonly floor: number;
  /** What the clock can show. */
  readonly clock: ClockCalibration;
  /** Whether the operation returned a promise. */
  readonly async: boolean;
  readonly warnings: readonly Warning[];
}

const defaultTime = '300ms';
const shortTime = nanos(30e6);
/** Enough to find the batch size, however little time there is. */
const shortestWarmup = 10e6;

type CheckedSubject = Pick<BenchSubject, 'time' | 'warmup'> & { readonly run: unknown; readonly setup?: unknown };

/** @throws PerfError with exit code 2 when an option is wrong. */
export function checkBenchSubject(subject: CheckedSubject): void {
  optionsObject('bench', subject);
  functionOption('run', subject.run, true);
  functionOption('setup', subject.setup, false);
  if (subject.time !== undefined) positiveDuration('time', subject.time);
  if (subject.warmup !== undefined) positiveDuration('warmup', subject.warmup);
}

/**
 * Measures a piece of code in this process: a warm-up until it is steady, batches of about 1 ms, results consumed; then,
 * untimed, what it allocates.
 *
 * One process is one sample of how the engine compiled the code and where it lies in memory: a claim needs several.
 *
 * @throws whatever `setup` or `run` throws, as it is
 * @example
 * const { timePerOperation, allocated, warmup } = await measureBench({ run: () => JSON.parse('{"a":1}') });
 */
export async function measureBench<State = undefined>(
  subject: BenchSubject<State>,
  context: MeasureContext = {},
): Promise<BenchResult> {
  checkBenchSubject(subject);
  const surroundings = fullContext(context);
  surroundings.signal.throwIfAborted();
  const state = await subject.setup?.();
  return measureCall({ run: subject.run as Call['run'], state }, subject, surroundings);
}

/** Measures an operation whose state has been set up. */
export async function measureCall(
  call: Call,
  options: Pick<BenchSubject, 'time' | 'warmup'>,
  { clock, signal, short, collectGarbage }: FullContext,
): Promise<BenchResult> {
  const loop = (await returnsPromise(call)) ? timeAwaitedCalls : timeCalls;
  await primeLoops();
  const time = short ? shortTime : positiveDuration('time', options.time ?? defaultTime);
  const between = listening(clock, signal);
  const timeBatch = (count: number): Nanos | Promise<Nanos> => loop(clock, call, count);
  const plan = warmUpPlan(time, short ? undefined : options.warmup, calibrateClock(clock));
  const { batchSize, warmup } = await warmUp(timeBatch, plan, clock, between);
  collectGarbage();
  const { result: timed, collections } = await watchingCollections(() =>
    timeBatches(timeBatch, { batchSize, time, short }, between),
  );
  const allocated = await measureAllocation(loop, call, batchSize);
  const floor = await measureFloor(loop, clock, batchSize);
  return summarise({ loop, timed, collections, allocated, floor, warmup, short, clock: calibrateClock(clock) });
}

/** One call decides, not the name of the function's type: an ordinary function may return a promise. */
async function returnsPromise({ run, state, parameters }: Call): Promise<boolean> {
  const value = run(state, parameters);
  const async = typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
  sink.value = async ? await value : value;
  return async;
}

function warmUpPlan(time: Nanos, most: DurationText | undefined, clock: ClockCalibration): WarmUpPlan {
  const least = Math.max(shortestWarmup, time / 3);
  const longest = most === undefined ? time * 3 : positiveDuration('warmup', most);
  return { target: batchTarget(time, clock), least: nanos(least), most: nanos(Math.max(least, longest)) };
}

interface Measured {
  readonly loop: TimedLoop;
  readonly timed: TimedBatches;
  readonly collections: Collections | undefined;
  readonly allocated: number | undefined;
  readonly floor: number;
  readonly warmup: WarmUp;
  readonly short: boolean;
  readonly clock: ClockCalibration;
}

function summarise({ loop, timed, collections, short, warmup, ...rest }: Measured): BenchResult {
  const { batchSize, elapsed, cpu } = timed;
  const timePerOperation = elapsed.map((ns) => ns / batchSize);
  const iterations = batchSize * elapsed.length;
  const total = elapsed.reduce((sum, ns) => sum + ns, 0);
  // A rehearsal is too short to settle, and nobody judges it.
  const unsteady = short ? [] : [...notSteadyBefore(warmup), ...notSteadyWhile(timePerOperation)];
  return {
    ...rest,
    timePerOperation,
    batchSize,
    iterations,
    throughput: (iterations / total) * 1e9,
    cpuTime: (cpu.user + cpu.system) / iterations,
    userTime: cpu.user / iterations,
    systemTime: cpu.system / iterations,
    collections: collections?.count,
    collectionTime: collections?.share,
    warmup,
    async: loop === timeAwaitedCalls,
    warnings: [...atTheFloor(timePerOperation, rest.floor), ...unsteady],
  };
}
