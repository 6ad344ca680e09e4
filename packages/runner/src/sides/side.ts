import type { Provenance } from '@perfkeel/core';
import type { PlannedBenchmark } from '../plan.ts';
import type { Artifact } from './artifact.ts';

/** One version of a project, ready to be measured. */
export interface Side {
  /** The folder of the project, absolute. */
  readonly root: string;
  readonly benchmarks: readonly PlannedBenchmark[];
  /** What each executes, by id. A benchmark without one is never called identical. */
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly provenance: Provenance;
}

/** A benchmark that is not compared, and why. */
export interface NotCompared {
  readonly benchmark: string;
  /** `added`: base has no such benchmark. `incomparable`: what is measured is not the same on both sides. */
  readonly code: 'added' | 'incomparable';
  readonly message: string;
}
