import { setTimeout as delay } from 'node:timers/promises';
import { median, sorted } from '@perfkeel/core';
import { freeingAtOnce, readStretch, reportsHeap } from './heap-stretch.ts';
import { timeAwaitedCalls, type Call, type TimedLoop } from './timed-loop.ts';

const mostStretches = 20;
/** Milliseconds for all stretches; one is made even when it takes longer. */
const patience = 40;
/** A stretch that allocated less was empty: the engine itself allocates now and then. */
const trace = 64;
/** An operation that allocates less allocates nothing. */
const resolution = 1;

/**
 * Bytes that an operation allocates, kept or not, on the heap and in array buffers: in the typical stretch of operations
 * after the timed ones, so that the code is compiled and reading costs no time that is measured. What reading allocates
 * is subtracted, and so is what awaiting does.
 *
 * Exact to the byte for small objects; of objects of some kilobytes the engine wastes up to a percent more at the ends
 * of its pages, which counts. What grows in rare steps, such as a map, grows in no typical stretch.
 *
 * @param count operations in a stretch
 * @returns 0 when it is below 1, or below 64 in a stretch; `undefined` when the engine does not report collections
 */
export async function measureAllocation(loop: TimedLoop, call: Call, count: number): Promise<number | undefined> {
  if (!reportsHeap()) return undefined;
  const awaiting = loop === timeAwaitedCalls ? await costOfAwaiting() : 0;
  const net = (await freeingAtOnce(() => allocatedBy(loop, call, count))) - awaiting;
  return net < Math.max(resolution, trace / count) ? 0 : net;
}

const awaitedOften = 1000;
const awaitedStretches = 5;

/** A promise that exists already is awaited: all that is allocated then belongs to the loop. */
async function costOfAwaiting(): Promise<number> {
  const settled = Promise.resolve();
  const costs: number[] = [];
  for (let i = 0; i < awaitedStretches; i++) {
    costs.push((await perOperation(timeAwaitedCalls, { run: () => settled }, awaitedOften)).heap);
  }
  return median(costs);
}

async function allocatedBy(loop: TimedLoop, call: Call, count: number): Promise<number> {
  const [heap, outside]: [number[], number[]] = [[], []];
  await settle();
  const begin = performance.now();
  while (heap.length === 0 || (heap.length < mostStretches && performance.now() - begin < patience)) {
    const bytes = await perOperation(loop, call, count);
    heap.push(bytes.heap);
    outside.push(bytes.outside);
  }
  return middleMean(heap) + Math.max(0, middleMean(outside));
}

async function perOperation(loop: TimedLoop, call: Call, count: number): ReturnType<typeof readStretch> {
  // The first one also holds what was left to do before it.
  await readStretch(loop, call, 0);
  const { heap: reading } = await readStretch(loop, call, 0);
  const { heap, outside } = await readStretch(loop, call, count);
  return { heap: (heap - reading) / count, outside: outside / count };
}

/**
 * Buffers may still be being freed after an earlier collection. A collection waits for that, and where the engine
 * offers none, time has to do; what was freed is booked when the next buffer is made.
 */
async function settle(): Promise<void> {
  globalThis.gc?.({ type: 'minor' });
  await delay(5);
  void new ArrayBuffer(1);
}

/** The mean of the middle half: a stretch does not count in which the engine allocated or freed for itself. */
function middleMean(values: readonly number[]): number {
  const ascending = sorted(values);
  const middle = ascending.slice(Math.floor(values.length / 4), Math.ceil((values.length * 3) / 4));
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
