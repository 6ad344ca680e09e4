import type { LoadPlan } from '../load-plan.ts';
import type { GeneratorEnd } from '../loop/generator.ts';
import type { SerialisedError } from '@perfkeel/core';
import type { Stripe } from '../profile/arrival-schedule.ts';

/** What a plan is without the functions that only the main thread has. */
export type SentPlan = Omit<LoadPlan, 'rows'>;

/** What a worker is given at its start. */
export interface WorkerTask {
  readonly plan: SentPlan;
  readonly url: string | undefined;
  readonly seed: number;
  readonly stripe: Stripe;
  /** The memory of its tallies. */
  readonly whole: SharedArrayBuffer;
  readonly phases: readonly SharedArrayBuffer[];
  readonly endpoints: readonly SharedArrayBuffer[];
  readonly connections: SharedArrayBuffer;
}

/** Start at a moment of the monotonic clock that all threads share, in nanoseconds; or end now. */
export type ToWorker = { readonly start: number } | 'stop';

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly end: GeneratorEnd }
  | { readonly kind: 'failed'; readonly error: SerialisedError };

/** The clock that all threads of a process share, in nanoseconds. */
export const sharedNow = (): number => Number(process.hrtime.bigint());
