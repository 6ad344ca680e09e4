import { PerformanceObserver, performance, type PerformanceEntry } from 'node:perf_hooks';
import { nanos, type Nanos } from '@perfkeel/core';

/** A garbage collection that held up a thread that sends, and the functions that it calls, for long. */
export interface LongCollection {
  /** Its start, since the start of the run. */
  readonly at: Nanos;
  readonly took: Nanos;
}

/** Shorter ones are not seen among answers that take as long. */
const leastMs = 5;

/** A drawing has no room for more. */
const most = 16;

/** The longest of many collections, in the order of time. */
export const longestOf = (all: readonly LongCollection[]): readonly LongCollection[] =>
  [...all]
    .sort((a, b) => b.took - a.took)
    .slice(0, most)
    .sort((a, b) => a.at - b.at);

/** Watches the collections of this thread. Keeps a few, however long it watches. */
export class CollectionWatch {
  readonly #startMs: number;
  readonly #observer = new PerformanceObserver((list) => this.#look(list.getEntries()));
  #longest: readonly LongCollection[] = [];

  /** @param startsIn nanoseconds until the run starts */
  constructor(startsIn: number) {
    this.#startMs = performance.now() + startsIn / 1e6;
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  #look(entries: readonly PerformanceEntry[]): void {
    const long = entries.filter(({ duration }) => duration >= leastMs);
    if (long.length === 0) return;
    const found = long.map(({ startTime, duration }) => ({
      at: nanos(Math.round((startTime - this.#startMs) * 1e6)),
      took: nanos(Math.round(duration * 1e6)),
    }));
    this.#longest = longestOf([...this.#longest, ...found]);
  }

  /** Ends the watch. Entries are made a turn of the event loop after a collection: what ends with it may be missing. */
  stop(): readonly LongCollection[] {
    this.#look(this.#observer.takeRecords());
    this.#observer.disconnect();
    return this.#longest;
  }
}
