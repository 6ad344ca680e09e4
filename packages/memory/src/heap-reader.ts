import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { setTimeout as delay } from 'node:timers/promises';
import type { GarbageCollector } from './garbage-collector.ts';
import type { ThreadsCall, ThreadsReading } from './target/agent.ts';

/** What one look at a quiet process found, in bytes. */
export interface HeapReading extends ThreadsReading {
  readonly heap: number;
  readonly external: number;
  /** Resident set size of the process. */
  readonly rss: number;
}

export type HeapReader = () => Promise<HeapReading>;

interface HeapSpace {
  readonly space_name: string;
  readonly space_used_size: number;
}

/** Spaces that hold compiled code, its metadata or the snapshot of the engine: they grow while the code gets faster. */
const codeSpace = /^(?:code_|read_only_|trusted_|shared_trusted_)/;

/** Bytes of JavaScript data: all heap spaces but those of code. 60 to 100 times quieter than the resident set. */
export function dataSpaceOf(spaces: readonly HeapSpace[]): number {
  return spaces
    .filter(({ space_name }) => !codeSpace.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

// Buffers are freed on another thread after the first collection, and finalisers run one turn of the loop later.
const settleMs = 5;

/** The engine leaves shared buffers out of its external memory; the allocator of all buffers counts them. */
const externalBytes = (): number => Math.max(getHeapStatistics().external_memory, process.memoryUsage().arrayBuffers);

/** Collects, lets finalisers and buffers go, collects again and reads; `ofThreads` does the same in other threads, later. */
export function createHeapReader(collect: GarbageCollector, ofThreads: ThreadsCall = () => undefined): HeapReader {
  return async () => {
    collect();
    await new Promise<void>((resolve) => void setImmediate(resolve));
    await delay(settleMs);
    collect();
    const heap = dataSpaceOf(getHeapSpaceStatistics());
    const here = { heap, external: externalBytes(), rss: process.memoryUsage.rss() };
    // Only now: what asking leaves behind is collected the next time.
    const others = ofThreads();
    return { ...here, ...(others && (await others)) };
  };
}
