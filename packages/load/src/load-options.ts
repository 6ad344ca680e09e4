import type { CommonOptions, DurationText, Objective, RateText, TargetSpec } from '@perfkeel/core';
import type { ArrivalProcess } from './arrival-schedule.ts';
import type { RequestOptions } from './prepared-request.ts';

/** What is sent, and for how long. */
export interface LoadWork {
  /** One request, or several that are mixed by weight. */
  readonly requests: RequestOptions | readonly RequestOptions[];
  /** How long the measured part lasts. */
  readonly for: DurationText;
  /** How long load runs before it is measured. @default a fifth of `for`, at most '1s' */
  readonly warmup?: DurationText;
  /** How long one request may take, from its sending to the end of its answer. @default '10s' */
  readonly timeout?: DurationText;
}

/** The open model: requests are due at a rate, whether or not earlier ones have been answered. */
export interface OpenPace {
  /** Arrivals, such as '100/s'. */
  readonly rate: RateText;
  /** @default 'uniform' */
  readonly arrivals?: ArrivalProcess;
  readonly clients?: never;
}

/** The closed model: so many clients, each sending its next request when it has the answer to the last. */
export interface ClosedPace {
  readonly clients: number;
  readonly rate?: never;
  readonly arrivals?: never;
}

/** A rate or a number of clients, never both. */
export type LoadPace = OpenPace | ClosedPace;

/** Where it is sent: something described by `target()`, or a url that already answers. */
export type LoadPlace =
  { readonly target: TargetSpec; readonly url?: never } | { readonly url: string; readonly target?: never };

/** Everything that `load(name, options)` takes. */
export type LoadOptions = LoadWork & LoadPace & LoadPlace & CommonOptions<Objective>;
