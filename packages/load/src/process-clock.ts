import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock } from '@perfkeel/core';

/** The monotonic clock of this process. */
export const processClock: Clock = { now: () => nanosFromMs(performance.now()) };
