import type { RoundContext } from '@perfkeel/core';
import { monotonicClock } from '../src/clock.ts';

/** A context as the runner would give it, for calling instruments directly. */
export const roundContext = (parts: Partial<RoundContext> = {}): RoundContext => ({
  clock: monotonicClock,
  seed: 1,
  round: 0,
  short: false,
  signal: new AbortController().signal,
  collectGarbage: () => undefined,
  progress: () => undefined,
  ...parts,
});
