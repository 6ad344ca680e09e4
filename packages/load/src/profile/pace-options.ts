import type { DurationText, RateText } from '@perfkeel/core';
import type { ArrivalProcess } from './arrival-process.ts';
import type { ClientStage, RateStage } from './stage.ts';
import type { ThinkTimeOptions } from './think-time.ts';

/** From one level to another along a straight line: a ramp up or down. */
export interface Ramp<L> {
  readonly from: L;
  readonly to: L;
  readonly over: DurationText;
}

/** The level that is measured, for some time; or a ramp, which may go over into a time at its end. */
interface SteadyTime {
  /** How long the measured part lasts; behind a ramp, how long its last level is held. */
  readonly for: DurationText;
  /** How long load runs at its first level before it is measured. @default a fifth of `for`, at most '1s'; none before a ramp */
  readonly warmup?: DurationText;
  readonly stages?: never;
}

type RampTime = Omit<SteadyTime, 'for'> & Partial<Pick<SteadyTime, 'for'>>;

interface Arrivals {
  /** @default 'uniform' */
  readonly arrivals?: ArrivalProcess;
  readonly clients?: never;
  readonly think?: never;
}

interface Clients {
  /** How long a client waits between an answer and its next request. @default '0s' */
  readonly think?: ThinkTimeOptions;
  readonly rate?: never;
  readonly arrivals?: never;
}

interface Staged {
  readonly for?: never;
  readonly warmup?: never;
}

/** The open model: requests are due at a rate, whether or not earlier ones have been answered. */
export type OpenPace = Arrivals &
  (
    | (SteadyTime & { readonly rate: RateText })
    | (RampTime & { readonly rate: Ramp<RateText> })
    | (Staged & { readonly rate?: never; readonly stages: readonly RateStage[] })
  );

/** The closed model: so many clients, each sending its next request when it has the answer to the last. */
export type ClosedPace = Clients &
  (
    | (SteadyTime & { readonly clients: number })
    | (RampTime & { readonly clients: Ramp<number> })
    | (Staged & { readonly clients?: never; readonly stages: readonly ClientStage[] })
  );

/** The same, where a level may depend on parameters. */
export type VariedPace<P> =
  | LoadPace
  | (Arrivals & SteadyTime & { readonly rate: (parameters: P) => RateText })
  | (Clients & SteadyTime & { readonly clients: (parameters: P) => number });

/** A rate or a number of clients, or stages of either; never two of them. */
export type LoadPace = OpenPace | ClosedPace;
