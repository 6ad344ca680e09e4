import type { Clock, Nanos } from '@perfkeel/core';
import type { LoadRecorder } from '../record/load-recorder.ts';
import type { Stripe } from '../profile/arrival-schedule.ts';
import { isHopeless } from '../target-reached.ts';
import type { SenderFactory } from '../work/sender.ts';

/** What every run has. */
export interface LoadRun {
  readonly recorder: LoadRecorder;
  /** How long a request may take: the longest that the end of a run waits for. */
  readonly timeout: Nanos;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** The part of the load that this thread sends. */
  readonly stripe: Stripe;
}

/** A run of a loop of ours, which says when; the sender says what. */
export interface SendingRun extends LoadRun {
  readonly createSender: SenderFactory;
}

/** Begins a run, whose clock is at zero now. Everything that takes time has been done before. */
export type StartLoop<End extends LoopEnd = LoopEnd> = (now: () => Nanos) => Promise<End>;

/** How a loop ended. */
export interface LoopEnd {
  /** Stopped before its time: by the signal, or because nothing ever connected. */
  readonly interrupted: boolean;
}

/** How much longer than its timeout the last request may take to say so. */
export const patience = 2e9;

/** A clock that starts at zero, so that times are distances from the start of the run. */
export function stopwatch(clock: Clock): () => Nanos {
  const start = clock.now();
  return () => (clock.now() - start) as Nanos;
}

/** Whether a loop must end before its time. */
export const mustStop = ({ signal, recorder }: Pick<LoadRun, 'signal' | 'recorder'>): boolean =>
  signal?.aborted === true || isHopeless(recorder);
