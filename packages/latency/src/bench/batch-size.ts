import { nanos, type Nanos } from '@perfkeel/core';

/** Below this a batch would say as much of the clock as of the code: two readings cost about 0.1 µs, 0.01 % of it. */
const shortestBatch = 1e6;
const mostBatches = 1000;
const remembered = 5;

/** How long one batch should last, so that a measurement of `time` keeps to about a thousand values. */
export const batchTarget = (time: Nanos): Nanos => nanos(Math.max(shortestBatch, time / mostBatches));

/** Finds how many operations make a batch of the wanted length, one timed batch after the other. */
export interface BatchCalibration {
  /** The size of the next batch. */
  readonly size: number;
  /** Takes in how long a batch of `size` lasted. */
  observe(elapsed: Nanos): void;
}

/**
 * Grows tenfold until a batch is long enough to be believed, then follows the fastest of the last few batches: code
 * gets faster while the engine compiles it, and a hiccup of the machine must not make the batch too small.
 */
export function calibrateBatch(target: Nanos): BatchCalibration {
  let size = 1;
  const recent: number[] = [];
  return {
    get size() {
      return size;
    },
    observe(elapsed) {
      if (elapsed < target / 10) {
        size *= 10;
        return;
      }
      recent.push(elapsed / size);
      if (recent.length > remembered) recent.shift();
      size = Math.max(1, Math.ceil(target / Math.min(...recent)));
    },
  };
}
