import { availableParallelism } from 'node:os';
import { msFromNanos, type Nanos } from '@perfkeel/core';

/** Below this distance a timer, whose step is a millisecond, would come too late. */
const shortestSleep = 1.5e6;
/** A timer of more fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * How long a timer may sleep in whole milliseconds so that it surely wakes before `wait` is over; `undefined` when no
 * timer is fine enough, and the event loop has to be turned until then. Waking early costs a turn, waking late is lag.
 *
 * With one core only, turning would take it from the target: timers then, and their lag.
 */
export function timerDelay(wait: Nanos, cores = availableParallelism()): number | undefined {
  if (wait <= shortestSleep && cores > 1) return undefined;
  const ms = Math.floor(msFromNanos(wait)) - 1;
  return Math.min(Math.max(ms, 1), longestTimerMs);
}
