import type { ParameterValue, SourceLocation, VariantRole } from '@perfkeel/core';
import type { Stage } from './stage.ts';

/** One thing that is measured of every implementation. */
export interface Member<T, F> {
  readonly name: string;
  /** Where the user wrote it. */
  readonly location: SourceLocation | undefined;
  /** By what it differs from its siblings, besides the implementation. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly role: VariantRole;
  /** Calls a noun. Runs once for each implementation, and says what to measure on its stage. */
  readonly declare: (name: string, stage: Stage<T, F>) => unknown;
}
