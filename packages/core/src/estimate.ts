import type { Warning } from './warning.ts';

/**
 * A number with its uncertainty. `lo` and `hi` may be infinite when the sample is too small to bound that side.
 * `confidence` is what the method really reaches, in [0, 1], not what was asked for.
 */
export interface Estimate {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  readonly confidence: number;
  readonly method: string;
  readonly warnings: readonly Warning[];
}
