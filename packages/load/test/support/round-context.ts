import { nanos, type RoundContext } from '@perfkeel/core';

/** The context of a first round, with the clock of this process. */
export const roundContext = (more: Partial<RoundContext> = {}): RoundContext => ({
  clock: { now: () => nanos(performance.now() * 1e6) },
  seed: 1,
  round: 0,
  short: false,
  signal: new AbortController().signal,
  collectGarbage: () => {},
  progress: () => {},
  ...more,
});
