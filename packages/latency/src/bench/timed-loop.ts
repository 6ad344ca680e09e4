import { nanos, type Clock, type Nanos } from '@perfkeel/core';
import { sink } from './sink.ts';

/** An operation with what it is given. */
export interface Call {
  readonly run: (state: unknown, parameters: unknown) => unknown;
  readonly state?: unknown;
  readonly parameters?: unknown;
}

/** Calls an operation `count` times and tells how long all calls took together, the loop included. */
export type TimedLoop = (clock: Clock, call: Call, count: number) => Nanos | Promise<Nanos>;

export function timeCalls(clock: Clock, { run, state, parameters }: Call, count: number): Nanos {
  const start = clock.now();
  for (let i = 0; i < count; i++) sink.value = run(state, parameters);
  return nanos(clock.now() - start);
}

/** Each call begins when the one before has settled: the time of an operation includes one turn of the microtask queue. */
export async function timeAwaitedCalls(clock: Clock, { run, state, parameters }: Call, count: number): Promise<Nanos> {
  const start = clock.now();
  for (let i = 0; i < count; i++) sink.value = await run(state, parameters);
  return nanos(clock.now() - start);
}

type Operation = Call['run'];

/** Empty operations of several shapes; the first is the floor. Distinct literals, because the engine tells those apart. */
const emptyCalls: readonly Operation[] = [() => undefined, () => 1, () => 0.5, (state) => state, () => emptyCalls];
const emptyAwaits: readonly Operation[] = [
  async () => {},
  () => Promise.resolve(1),
  async () => Promise.resolve(0.5),
  (state) => Promise.resolve(state),
  () => Promise.resolve(emptyCalls),
];

const primingCalls = 2000;
/** For loops whose time nobody wants to know. */
export const stillClock: Clock = { now: () => nanos(0) };
let primed = false;

/**
 * Shows both loops several operations, so that the engine gives up specialising the call inside.
 *
 * Otherwise the first benchmark of a process is inlined into the loop and the second is not (another order, other
 * numbers), and an inlined operation without side effects is moved out of the loop: nothing is left to measure. So
 * every operation pays one real call, a few nanoseconds, which the floor makes visible.
 */
export async function primeLoops(): Promise<void> {
  if (primed) return;
  primed = true;
  for (let state = 0; state < 2; state++) {
    for (const run of emptyCalls) timeCalls(stillClock, { run, state }, primingCalls);
    for (const run of emptyAwaits) await timeAwaitedCalls(stillClock, { run, state }, primingCalls);
  }
}

const floorBatches = 20;

/**
 * Time per operation of an empty function in the same loop with the same batch, in ns: the smallest of some batches,
 * as interference only ever adds.
 */
export async function measureFloor(loop: TimedLoop, clock: Clock, batchSize: number): Promise<number> {
  const run = loop === timeCalls ? emptyCalls[0]! : emptyAwaits[0]!;
  let least = Infinity;
  for (let i = 0; i < floorBatches; i++) least = Math.min(least, await loop(clock, { run }, batchSize));
  return least / batchSize;
}
