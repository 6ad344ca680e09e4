import type { HeapReading } from './heap-reader.ts';
import type { MemoryChannels } from './target/memory-target.ts';

/** As the leak decision reads it: `NaN` for what was not told; shared buffers are not in the engine's external memory. */
export const heapReadingOf = ({
  heapData = NaN,
  external = NaN,
  arrayBuffers = 0,
  rss = NaN,
  threads,
  silentThreads,
}: MemoryChannels) =>
  ({
    heap: heapData,
    external: Math.max(external, arrayBuffers),
    rss,
    ...(threads === undefined ? {} : { threads }),
    ...(silentThreads === undefined ? {} : { silentThreads }),
  }) satisfies HeapReading;
