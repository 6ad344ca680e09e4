import type { Estimate } from './estimate.ts';
import type { HistogramData } from './histogram.ts';
import type { Warning } from './warning.ts';

/**
 * What one round says of one metric, in the base unit of that metric.
 *
 * - `sample`: single numbers in the order in which they were measured
 * - `histogram`: many numbers, counted
 * - `count`: events among trials, such as failed requests among requests
 * - `exact`: one number that the round knows without error, such as a rate over its window
 * - `estimate`: one number with an interval that the instrument computed, such as a slope
 * - `series`: [nanoseconds since the round began, value] over time; shown, never judged. `marks` is what happened meanwhile,
 *   such as the end of a warm-up: the moment on the same axis, and its words
 */
export type MeasurementData =
  | { readonly kind: 'sample'; readonly values: readonly number[] }
  | { readonly kind: 'histogram'; readonly histogram: HistogramData }
  | { readonly kind: 'count'; readonly events: number; readonly trials: number }
  | { readonly kind: 'exact'; readonly value: number }
  | { readonly kind: 'estimate'; readonly estimate: Estimate }
  | {
      readonly kind: 'series';
      readonly points: readonly (readonly [number, number])[];
      readonly marks?: readonly { readonly at: number; readonly label: string }[] | undefined;
    };

/** What an instrument hands back for one metric of one round. */
export interface RoundMeasurement {
  /** A metric id of the declaration. */
  readonly metric: string;
  readonly data: MeasurementData;
  /** Work that was due and not done. Never silent: a report shows it. */
  readonly dropped?: number;
  readonly warnings?: readonly Warning[];
}

/** What an instrument hands back for one round. */
export interface RoundResult {
  readonly measurements: readonly RoundMeasurement[];
  readonly warnings?: readonly Warning[];
  /** Names what was worked on, such as the hash of generated data. Numbers of other inputs are never compared. */
  readonly input?: string;
}

/** A round's measurement in a run. `benchmark` is the id in the plan, `round` starts at 0. */
export interface Measurement {
  readonly benchmark: string;
  readonly metric: string;
  readonly round: number;
  readonly data: MeasurementData;
  readonly dropped: number;
  readonly warnings: readonly Warning[];
  readonly input?: string | undefined;
}
