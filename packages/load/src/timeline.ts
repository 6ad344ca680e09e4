import { deriveSeed, nanos, type Nanos, type PerSecond } from '@perfkeel/core';
import { createArrivalSchedule, type ArrivalProcess, type ArrivalSchedule } from './arrival-schedule.ts';

/** A stretch of a run, in nanoseconds since its start: [start, end). */
export interface Window {
  readonly start: Nanos;
  readonly end: Nanos;
}

/** The measured stretch: what comes before it warms up. */
export const steadyWindow = (warmup: Nanos, duration: Nanos): Window => ({
  start: warmup,
  end: nanos(warmup + duration),
});

/**
 * All arrivals of an open run. Each phase has a schedule of its own, so that the steady phase has exactly
 * rate x duration arrivals however long the warm-up was.
 *
 *     0 ......... warmup ........................ warmup + duration
 *     | warm-up   | steady: measured              |
 */
export interface Timeline {
  readonly count: number;
  /** Arrivals of the steady phase: those from index `count - steadyCount` on. */
  readonly steadyCount: number;
  readonly window: Window;
  /** Nanoseconds from the start of the run to the intended start of arrival `index`. */
  intendedAt(index: number): Nanos;
}

export interface TimelineOptions {
  readonly rate: PerSecond;
  readonly arrivals: ArrivalProcess;
  readonly warmup: Nanos;
  readonly duration: Nanos;
  readonly seed: number;
}

export function createTimeline({ rate, arrivals, warmup, duration, seed }: TimelineOptions): Timeline {
  const schedule = (phase: number, length: Nanos): ArrivalSchedule =>
    createArrivalSchedule({ rate, arrivals, duration: length, seed: deriveSeed(seed, phase) });
  const warm = schedule(0, warmup);
  const steady = schedule(1, duration);
  return {
    count: warm.count + steady.count,
    steadyCount: steady.count,
    window: steadyWindow(warmup, duration),
    intendedAt: (index) =>
      index < warm.count ? warm.timeOf(index) : nanos(warmup + steady.timeOf(index - warm.count)),
  };
}
