import type { Nanos } from '@perfkeel/core';
import type { Facts } from './facts.ts';

/** What holds a server up. */
export type DiagnosisId =
  | 'gc-pressure'
  | 'event-loop-blocked'
  | 'pool-exhausted'
  | 'slow-queries'
  | 'many-queries'
  | 'cache-ineffective'
  | 'cold-cache'
  | 'serialization-retries'
  | 'cpu-saturated'
  | 'saturated'
  | 'error-burst'
  | 'tail-only';

/** Something that holds a server up, with what speaks for it. */
export interface Diagnosis {
  readonly id: DiagnosisId;
  /** How much of the mean service time of a request it accounts for, in nanoseconds. */
  readonly cost: Nanos;
  /** `possible` where the generator was in doubt itself, or where the signals are weak. */
  readonly certainty: 'likely' | 'possible';
  /** One sentence with the figures, in lower case and without a full stop. */
  readonly evidence: string;
  /** What may be done about it, the most promising first; each is a sentence. */
  readonly remedies: readonly string[];
}

/** Looks for one thing that may hold a server up. */
export interface Analyser {
  readonly id: DiagnosisId;
  /** What follows from it, and is no news beside it. */
  readonly causes: readonly DiagnosisId[];
  /** What it would have to be told, in words; nothing when it knows enough, or when its silence is no loss. */
  readonly lacks?: (facts: Facts) => string | undefined;
  readonly examine: (facts: Facts) => Omit<Diagnosis, 'id'> | undefined;
}
