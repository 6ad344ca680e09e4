import { nanos, type Nanos } from '@perfkeel/core';

/**
 * How much load: arrivals per second in the open model, clients in the closed one. It moves along a straight line from
 * the beginning of a phase to its end; a constant level has the same number twice.
 */
export interface Level {
  readonly from: number;
  readonly to: number;
}

/** A stretch of a run with one level or one ramp. */
export interface Phase {
  /** Unique in its profile. */
  readonly name: string;
  readonly duration: Nanos;
  readonly level: Level;
  /** False for what only comes before, between or after: warm-up, rest, cool-down. Results leave it out. */
  readonly record: boolean;
}

/** A stretch of a run, in nanoseconds since its start: [start, end). */
export interface Window {
  readonly start: Nanos;
  readonly end: Nanos;
}

export const constant = (level: number): Level => ({ from: level, to: level });

/** When each phase begins and ends: one right after the other. */
export function windowsOf(phases: readonly Phase[]): readonly Window[] {
  let end = 0;
  return phases.map(({ duration }) => {
    const start = end;
    end += duration;
    return { start: nanos(start), end: nanos(end) };
  });
}

const sumOf = (phases: readonly Phase[]): Nanos => nanos(phases.reduce((sum, { duration }) => sum + duration, 0));

/** How long all phases take together. */
export const totalDuration = (phases: readonly Phase[]): Nanos => sumOf(phases);

/** How long is measured. */
export const recordedDuration = (phases: readonly Phase[]): Nanos => sumOf(phases.filter(({ record }) => record));

/** From the beginning of the first measured phase to the end of the last. */
export function measuredWindow(phases: readonly Phase[]): Window {
  const measured = windowsOf(phases).filter((_, i) => phases[i]!.record);
  return { start: measured[0]?.start ?? nanos(0), end: measured.at(-1)?.end ?? nanos(0) };
}
