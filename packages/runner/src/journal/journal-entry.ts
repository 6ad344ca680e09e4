import type { Environment, Failure, Measurement, Provenance, RunPlan } from '@perfkeel/core';

/** The version of journals that this code writes, and the only one that it reads: they live for days. */
export const journalVersion = 1;

/** What the user asked for, as far as it decides what is measured. */
export interface Selected {
  readonly filters?: readonly string[] | undefined;
  /** Where paths among the filters start from. */
  readonly cwd?: string | undefined;
  /** Where the paths begin that other words are looked for in. */
  readonly wordsFrom?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly rounds?: number | undefined;
  readonly examine?: boolean | undefined;
}

/** Small things that whoever started a run wants to know again when it goes on. */
export type Remembered = Readonly<Record<string, string | number | boolean>>;

/** The first line of a journal: everything about a run that is known before its first round. */
export interface JournalHead {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly plan: RunPlan;
  /** As it was when the run began. */
  readonly environment: Environment;
  readonly provenance: Provenance;
  readonly selected: Selected;
  readonly remembered: Remembered;
}

/** A later line: a round that was finished, or one that failed. */
export interface JournalEntry {
  /** Milliseconds of measuring until then, pauses between two processes left out. */
  readonly elapsedMs: number;
  readonly benchmark: string;
  readonly round: number;
  /** Of a round that failed, what it had measured until then: empty unless it said so. */
  readonly measurements: readonly Measurement[];
  readonly failures: readonly Failure[];
}

/** What a round that was still under way had measured. */
export interface HalfRound {
  readonly elapsedMs: number;
  readonly benchmark: string;
  readonly round: number;
  /** Milliseconds since the round began to measure. */
  readonly afterMs: number;
  /** How long it was meant to last, when that is known. */
  readonly ofMs?: number | undefined;
  readonly measurements: readonly Measurement[];
}
