import type { Nanos } from '@perfkeel/core';

/** Wakes a loop at a moment. */
export interface Pacer {
  /** Calls `wake` once, at about `due`, in nanoseconds since the start of the run; a new wish replaces the last one. */
  wakeAt(due: Nanos): void;
  stop(): void;
}

/** @param now nanoseconds since the start of the run */
export type PacerFactory = (now: () => Nanos, wake: () => void) => Pacer;

/** A timer of more milliseconds fires at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Timers of the event loop: in steps of a millisecond, so half of one late on average. For what need not be on time.
 */
export const timerPacer: PacerFactory = (now, wake) => {
  let timer: NodeJS.Timeout | undefined;
  let wish: Nanos | undefined;
  const fire = (): void => {
    wish = undefined;
    wake();
  };
  return {
    wakeAt(due) {
      // A loop says it again whenever something else has woken it.
      if (wish === due) return;
      wish = due;
      clearTimeout(timer);
      timer = setTimeout(fire, Math.min(Math.max(Math.ceil((due - now()) / 1e6), 0), longestTimer));
    },
    stop: () => clearTimeout(timer),
  };
};
