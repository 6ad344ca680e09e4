import { GCProfiler, getHeapStatistics, setFlagsFromString, type GCProfilerResult } from 'node:v8';
import { stillClock, type Call, type TimedLoop } from './timed-loop.ts';

/** Bytes: of objects on the heap, and of array buffers, whose memory lies outside. */
export interface HeapBytes {
  readonly heap: number;
  readonly outside: number;
}

/** Whether this engine reports how full the heap is around each collection. */
export const reportsHeap = (): boolean => typeof GCProfiler === 'function';

/**
 * Runs `count` operations and says what they allocated, together with the kilobyte or so that reading itself takes. The
 * heap is read before and after, and the engine reports how full it was around each collection in between, so that
 * collections lose nothing:
 *
 *     in use    start ↗ before ↘ after ↗ before ↘ after ↗ end        what was allocated is the sum of all rises
 *
 * For array buffers that holds only inside `freeingAtOnce`.
 */
export async function readStretch(loop: TimedLoop, call: Call, count: number): Promise<HeapBytes> {
  const profiler = new GCProfiler();
  profiler.start();
  let collections: Collections | undefined;
  try {
    const start = readHeap();
    const running = loop(stillClock, call, count);
    // Other work that waits for a turn would be counted.
    if (typeof running === 'object') await running;
    const end = readHeap();
    collections = profiler.stop().statistics;
    return sumOfRises(start, collections, end);
  } finally {
    if (collections === undefined) profiler.stop();
  }
}

type Collections = GCProfilerResult['statistics'];

function readHeap(): HeapBytes {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return { heap: used_heap_size, outside: external_memory };
}

const heapOf = ({ heapStatistics }: Collections[number]['beforeGC']): HeapBytes => ({
  heap: heapStatistics.usedHeapSize,
  outside: heapStatistics.externalMemory,
});

function sumOfRises(start: HeapBytes, collections: Collections, end: HeapBytes): HeapBytes {
  const states = [start, ...collections.flatMap(({ beforeGC, afterGC }) => [heapOf(beforeGC), heapOf(afterGC)]), end];
  let [heap, outside] = [0, 0];
  // In pairs: each rise begins at the start or after a collection, and ends before the next or at the end.
  for (let i = 0; i + 1 < states.length; i += 2) {
    heap += states[i + 1]!.heap - states[i]!.heap;
    outside += states[i + 1]!.outside - states[i]!.outside;
  }
  return { heap, outside };
}

const freedBy = (thread: 'another' | 'this'): void =>
  setFlagsFromString(`--${thread === 'another' ? '' : 'no-'}concurrent-array-buffer-sweeping`);

/**
 * Lets the collector free array buffers itself, while some work runs. Otherwise another thread does it after the
 * collection, and what is in use falls at any time later.
 */
export async function freeingAtOnce<T>(work: () => Promise<T>): Promise<T> {
  freedBy('this');
  try {
    return await work();
  } finally {
    freedBy('another');
  }
}
