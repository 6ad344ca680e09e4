import { msFromNanos, type Nanos } from '@perfkeel/core';

/**
 * The delay of a timer that must not oversleep, in whole milliseconds: rounded down, because waking early costs one
 * more timer and waking late is lag; at least 1, the shortest that there is.
 */
export const timerDelay = (duration: Nanos): number => Math.max(Math.floor(msFromNanos(duration)), 1);
