import type { Nanos } from '@perfkeel/core';
import type { MemoryChannels } from '../target/memory-target.ts';

/**
 * What came before a line: `begin`, nothing that counts (a target was opened, or the soak resumed); `work`, a round of
 * it; `idle`, a time in which nothing was asked of the target.
 */
export type SoakPhase = 'begin' | 'work' | 'idle';

/** What was alive after one round; sizes in bytes. */
export interface SoakLine extends MemoryChannels {
  readonly type: 'round';
  readonly phase: SoakPhase;
  /** One life of one process: growth is only compared within it. */
  readonly segment: string;
  /** From 0, over all segments and resumptions. */
  readonly round: number;
  /** So far, over all segments. */
  readonly iterations: number;
  /** Time that was soaked, without interruptions. */
  readonly at: Nanos;
  /** What the phase itself took, without the collection behind it. */
  readonly took: Nanos;
}

/** The first line of a checkpoint. */
export interface SoakHeader {
  readonly type: 'soak';
  readonly version: 1;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
}
