import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock } from '@perfkeel/core';

const readMs = performance.now.bind(performance);

/** The monotonic clock of this process; it goes on when the measured code replaces `performance.now`, as fake timers do. */
export const processClock: Clock = { now: () => nanosFromMs(readMs()) };
