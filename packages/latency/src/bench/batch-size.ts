import { nanos, PerfError, type Nanos } from '@perfkeel/core';
import type { ClockCalibration } from '../clock-calibration.ts';

/** Long beside what happens between two batches, short beside the hiccups of a machine: most batches hold none. */
const shortestBatch = 1e6;
const mostBatches = 1000;
/** The clock may be wrong by 1 % of a batch. */
const clockShare = 100;
const remembered = 5;
/** So many calls take longer than any clock needs for a step. */
const mostOperations = 1e7;

/**
 * How long one batch should last: a millisecond, or longer where the clock would otherwise be wrong by more than 1 % of
 * it, or where a measurement of `time` would have more than a thousand values.
 */
export const batchTarget = (time: Nanos, { granularity, cost }: ClockCalibration): Nanos =>
  nanos(Math.max(shortestBatch, time / mostBatches, clockShare * (granularity + cost)));

/** Finds how many operations make a batch of the wanted length, one timed batch after the other. */
export interface BatchCalibration {
  /** The size of the next batch. */
  readonly size: number;
  /**
   * Takes in how long a batch of `size` lasted, and says whether that was long enough to be believed.
   *
   * @throws PerfError `clock-stands-still` when ten million operations took no time at all
   */
  observe(elapsed: Nanos): boolean;
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
        if (elapsed <= 0 && size >= mostOperations) throw standsStill(size);
        size *= 10;
        return false;
      }
      recent.push(elapsed / size);
      if (recent.length > remembered) recent.shift();
      size = Math.max(1, Math.ceil(target / Math.min(...recent)));
      return true;
    },
  };
}

const standsStill = (size: number): PerfError =>
  new PerfError(`the clock saw no time in ${size} operations`, {
    code: 'clock-stands-still',
    hint: 'Give a clock that moves, or leave it out: monotonicClock is the default.',
  });
