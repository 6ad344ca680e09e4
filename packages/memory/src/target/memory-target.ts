import type { Nanos } from '@perfkeel/core';

/** How the engine collected: the young generation, everything, a part of marking, or callbacks of weak references. */
export type CollectionKind = 'minor' | 'major' | 'incremental' | 'weak-callbacks';

/** One garbage collection that stopped the target. */
export interface Collection {
  /** From its start to the moment at which it was told. */
  readonly age: Nanos;
  readonly pause: Nanos;
  readonly kind: CollectionKind;
  /** Whether somebody asked for it: `gc()`, an inspector, a heap snapshot. */
  readonly forced: boolean;
}

/** Sizes in bytes. What a target cannot tell is left out, never 0. */
export interface MemoryChannels {
  /** JavaScript data: all heap spaces but those of code and of the engine's own snapshot. */
  readonly heapData?: number;
  /** The old generation, garbage included: what `--max-old-space-size` bounds. */
  readonly heapOld?: number;
  readonly heapUsed?: number;
  /** The most that the engine takes for both generations; it gives up when the old one is full, which is earlier. */
  readonly heapLimit?: number;
  /** Outside the heap, held by JavaScript objects; array buffers included. */
  readonly external?: number;
  readonly arrayBuffers?: number;
  /** Live JavaScript data and buffers of all worker threads together; only of `collect`, and where there are some. */
  readonly threads?: number;
  /**
   * Worker threads that did not answer: blocked outside of JavaScript, as in `spawnSync`. In `threads` they count as they
   * were when they last did. Only of `collect`, and where there are some.
   */
  readonly silentThreads?: number;
  /** Resident set of the whole process. */
  readonly rss?: number;
  /** Resident set in which shared pages count by share; Linux, and only in a detailed reading. */
  readonly pss?: number;
  /** Written pages that nobody shares; Linux, and only in a detailed reading. */
  readonly privateDirty?: number;
  /** Whatever keeps the event loop alive, counted by type. */
  readonly handles?: Readonly<Record<string, number>>;
  /** Open file descriptors; Linux. */
  readonly fds?: number;
}

/** The channels that are sizes. */
export type SizeChannel = Exclude<keyof MemoryChannels, 'handles' | 'fds' | 'silentThreads'>;

/** One look at a target. */
export interface MemoryReading extends MemoryChannels {
  /** Whether the program inside answered; without, only what the operating system tells is there. */
  readonly answered: boolean;
  /** Since the reading before, oldest first; empty unless `watchCollections(true)`. */
  readonly collections: readonly Collection[];
  /** Collections that were not kept: more than 1000 between two readings. */
  readonly dropped: number;
}

/** How a process or thread ended. */
export interface TargetEnd {
  /** Of its exit, where it is told. */
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
  /** In words: `exited with code 1`. */
  readonly how: string;
  /** The end of its stderr, where that is ours to read. */
  readonly stderr?: string | undefined;
}

export interface ReadOptions {
  /** Also `pss` and `privateDirty`, which cost the target up to some milliseconds. @default false */
  readonly detailed?: boolean;
}

export type TargetKind = 'self' | 'child' | 'attached' | 'pid' | 'worker';

/**
 * Something whose memory can be read. Where it comes from: `thisProcess`, `startChild`, `attachTo`, `watchPid`,
 * `watchWorker`. Its methods may be called any number of times, `close` at the end.
 */
export interface MemoryTarget {
  readonly kind: TargetKind;
  readonly pid: number;
  /** The same for one life of one process or thread, and never again: growth is only compared within it. */
  readonly segment: string;
  /** Whether `collect` works. */
  readonly canCollect: boolean;
  /**
   * Reads without a collection. A program that does not answer within a second is read from outside; its answer counts
   * for the next reading.
   *
   * @throws PerfError `target-ended`.
   */
  read(options?: ReadOptions): Promise<MemoryReading>;
  /**
   * Collects, waits for finalisers and buffers, collects again and reads. Slows the target for about 1.5 s.
   *
   * @throws PerfError `target-ended`; `target-silent` after 30 s; `cannot-collect` where nobody inside can be asked.
   */
  collect(options?: ReadOptions): Promise<MemoryReading>;
  /**
   * Writes a heap snapshot, not compressed, to a file of this machine, by its absolute name. The target stands still
   * meanwhile. Absent where nobody inside can be asked.
   *
   * @throws PerfError `target-ended`; `target-silent` after 5 min; what the target itself says, as it is.
   */
  writeSnapshot?(file: string): Promise<void>;
  /** Whether readings tell of collections from now on. Ignored where they cannot. */
  watchCollections(on: boolean): Promise<void>;
  /** Settles when the target ends, in whatever way; never rejects. */
  readonly ended: Promise<TargetEnd>;
  /** Lets go of the target: a child is ended, everything else goes on as before. */
  close(): Promise<void>;
}
