import { getHeapStatistics } from 'node:v8';
import { obtainGarbageCollector } from './garbage-collector.ts';
import { createHeapReader, type HeapReader, type HeapReading } from './heap-reader.ts';
import type { MemoryReading, MemoryTarget } from './target/memory-target.ts';

/** How the memory of a process is read, wherever it is. */
export interface Probe {
  /**
   * Collects garbage where it can, and reads. Where only the operating system tells anything, `heap` and `external` are
   * `NaN`.
   */
  readonly read: HeapReader;
  /** Bytes at which its heap is full; infinite where nobody tells. */
  heapLimit(): number;
}

/** @throws PerfError `no-garbage-collector`, exit code 4. */
export function probeHere(): Probe {
  return { read: createHeapReader(obtainGarbageCollector()), heapLimit: () => getHeapStatistics().heap_size_limit };
}

/** A target that somebody else opened and will close. */
export function probeOf(target: MemoryTarget): Probe {
  let limit = Infinity;
  return {
    heapLimit: () => limit,
    read: async () => {
      const reading = target.canCollect ? await target.collect() : await target.read();
      limit = reading.heapLimit ?? Infinity;
      return asHeapReading(reading);
    },
  };
}

const asHeapReading = ({ heapData, external, arrayBuffers = 0, rss }: MemoryReading): HeapReading => ({
  heap: heapData ?? NaN,
  external: external === undefined ? NaN : Math.max(external, arrayBuffers),
  rss: rss ?? 0,
});
