import { PerformanceObserver, constants, type PerformanceEntry } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { longCollections, longestOf, type LongCollection } from '@perfkeel/core';

/** The garbage collections of a stretch of time. */
export interface Collections {
  readonly count: number;
  /** The share of that time that they took on the main thread, in [0, 1]. */
  readonly share: number;
}

/** What some work gave, and what was collected meanwhile: `undefined` where the platform does not report it. */
export interface Watched<T> {
  readonly result: T;
  readonly collections: Collections | undefined;
  /** The longest ones, by time. */
  readonly long: readonly LongCollection[];
}

/**
 * Counts collections by what the engine reports of each. That costs a collection a fraction of a microsecond; the entry
 * itself is made in a later turn of the event loop, so that synchronous work does not see it.
 */
export async function watchingCollections<T>(work: () => Promise<T>): Promise<Watched<T>> {
  if (!reportsCollections()) return { result: await work(), collections: undefined, long: [] };
  const entries: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => void entries.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  try {
    const begin = performance.now();
    const result = await work();
    const end = performance.now();
    // An entry takes two turns: one to be made, one to be handed over.
    await setImmediate();
    await setImmediate();
    const within = [...entries, ...observer.takeRecords()].filter(
      ({ startTime }) => startTime >= begin && startTime <= end,
    );
    return { result, collections: summarise(within, end - begin), long: longestOf(longCollections(within, begin)) };
  } finally {
    observer.disconnect();
  }
}

const reportsCollections = (): boolean =>
  (PerformanceObserver as { readonly supportedEntryTypes?: readonly string[] }).supportedEntryTypes?.includes('gc') ===
  true;

/** The other kinds are steps of a collection and not one of its own. */
const whole: readonly number[] = [constants.NODE_PERFORMANCE_GC_MINOR, constants.NODE_PERFORMANCE_GC_MAJOR];

function summarise(entries: readonly PerformanceEntry[], lengthMs: number): Collections {
  const taken = entries.reduce((sum, { duration }) => sum + duration, 0);
  const count = entries.filter((entry) => whole.includes(kindOf(entry))).length;
  return { count, share: Math.min(1, taken / lengthMs) };
}

const kindOf = (entry: PerformanceEntry): number =>
  (entry as PerformanceEntry & { detail: { kind: number } }).detail.kind;
