import { PerformanceObserver, performance, type PerformanceEntry } from 'node:perf_hooks';
import { longCollections, longestOf, type LongCollection } from '@perfkeel/core';

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
    const found = longCollections(entries, this.#startMs);
    if (found.length === 0) return;
    this.#longest = longestOf([...this.#longest, ...found]);
  }

  /** Ends the watch. Entries are made a turn of the event loop after a collection: what ends with it may be missing. */
  stop(): readonly LongCollection[] {
    this.#look(this.#observer.takeRecords());
    this.#observer.disconnect();
    return this.#longest;
  }
}
