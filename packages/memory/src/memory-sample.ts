import type { Nanos } from '@perfkeel/core';

/** One point of a leak series: what was still alive after so many iterations. */
export interface LeakPoint {
  /** Iterations so far, those of the warm-up included: structures that double remember all of them. */
  readonly iterations: number;
  /** Bytes of live JavaScript data after a forced collection. */
  readonly heap: number;
}

/** A leak point as it was measured in a process. */
export interface MemorySample extends LeakPoint {
  /** Since the measurement began. */
  readonly at: Nanos;
  /** Bytes outside the heap that JavaScript objects hold: buffers mostly. */
  readonly external: number;
  /** Resident set size, in bytes: all that the process has, and 60 to 100 times noisier than the heap. */
  readonly rss: number;
  /** Live data and buffers of all worker threads, in bytes; absent where there are none. */
  readonly threads?: number;
  /** Worker threads that did not answer, and of which `threads` knows nothing new; absent where all did. */
  readonly silentThreads?: number;
}
