import type { Clock, Nanos } from '@perfkeel/core';
import { isHopeless } from './target-reached.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadRecorder } from './load-recorder.ts';

/** What both loops work with. */
export interface LoadRun {
  readonly url: URL;
  readonly plan: LoadPlan;
  readonly seed: number;
  readonly clock: Clock;
  readonly recorder: LoadRecorder;
  readonly signal: AbortSignal | undefined;
}

/** How a loop ended. */
export interface LoopEnd {
  /** Requests of the window that were due. */
  readonly scheduled: number;
  /** Stopped before its time: by the signal, or because nothing ever connected. */
  readonly interrupted: boolean;
  /** Share of the window in which the loop only waited awake; it had nothing else to do. */
  readonly spinning?: number;
}

/** A clock that starts at zero, so that times are distances from the start of the run. */
export function stopwatch(clock: Clock): () => Nanos {
  const start = clock.now();
  return () => (clock.now() - start) as Nanos;
}

/** Whether a loop must end before its time. */
export const mustStop = ({ signal, recorder }: LoadRun): boolean => signal?.aborted === true || isHopeless(recorder);
