import { getHeapStatistics } from 'node:v8';
import { obtainGarbageCollector } from './garbage-collector.ts';
import { threadsHere } from './target/agent.ts';
import { createHeapReader, type HeapReader } from './heap-reader.ts';
import { heapReadingOf } from './heap-reading-of.ts';
import type { MemoryTarget } from './target/memory-target.ts';

/** What a process takes, garbage included, in bytes. */
export interface Footprint {
  /** On the heap and in buffers outside of it; `NaN` where only the system tells anything. */
  readonly heap: number;
  readonly rss: number;
}

/** How the memory of a process is read, wherever it is. */
export interface Probe {
  /**
   * Collects garbage where it can, and reads. Where only the operating system tells anything, `heap` and `external` are
   * `NaN`.
   */
  readonly read: HeapReader;
  /** Reads without a collection, which is done many times a second. */
  look(): Promise<Footprint>;
  /** Bytes at which its heap is full; infinite where nobody tells. */
  heapLimit(): number;
}

/** @throws PerfError `no-garbage-collector`, exit code 4. */
export function probeHere(): Probe {
  return {
    read: createHeapReader(obtainGarbageCollector(), threadsHere()),
    look: () => {
      const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
      return Promise.resolve({ heap: heapUsed + Math.max(external, arrayBuffers), rss });
    },
    heapLimit: () => getHeapStatistics().heap_size_limit,
  };
}

/** A target that somebody else opened and will close. */
export function probeOf(target: MemoryTarget): Probe {
  let limit = Infinity;
  return {
    heapLimit: () => limit,
    look: async () => {
      const { heapUsed = NaN, external = 0, arrayBuffers = 0, rss = NaN } = await target.read();
      return { heap: heapUsed + Math.max(external, arrayBuffers), rss };
    },
    read: async () => {
      const reading = target.canCollect ? await target.collect() : await target.read();
      limit = reading.heapLimit ?? Infinity;
      const { rss, ...inside } = heapReadingOf(reading);
      return { ...inside, rss: Number.isNaN(rss) ? 0 : rss };
    },
  };
}
