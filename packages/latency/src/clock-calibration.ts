import { nanos, type Clock, type Nanos } from '@perfkeel/core';

/** What a clock can and cannot show. */
export interface ClockCalibration {
  /**
   * The smallest difference between two readings that differ. A clock with finer steps than one reading takes shows the
   * time of a reading here. 0 for a clock that does not move by itself.
   */
  readonly granularity: Nanos;
  /** How long one reading takes. */
  readonly cost: Nanos;
}

/** Before the engine has compiled this loop and the way to a reading, one takes three to nine times as long. */
const readingsUntilCompiled = 200_000;
/** Other programs only ever add time: the best of some blocks is the clock itself. */
const blocks = 20;
const readingsPerBlock = 500;
/** A coarse clock is read until it has moved this often. */
const fewestSteps = 3;
/** Some 60 ms at most: a clock that has not moved by then is not driven by time. */
const mostReadings = 1_000_000;

const known = new WeakMap<Clock, ClockCalibration>();

/**
 * Measures a clock by reading it: once for each clock of a process, some milliseconds.
 *
 * A time between two readings is off by less than `granularity + cost`, whatever was in between.
 *
 * @example
 * const { granularity, cost } = calibrateClock(monotonicClock); // some 50 ns each
 */
export function calibrateClock(clock: Clock): ClockCalibration {
  const calibration = known.get(clock) ?? readOften(clock);
  known.set(clock, calibration);
  return calibration;
}

function readOften(clock: Clock): ClockCalibration {
  let [granularity, cost, readings] = [Infinity, Infinity, 0];
  for (let i = 0; (i < blocks || readings < readingsUntilCompiled) && readings < mostReadings; i++) {
    const block = readBlock(clock, mostReadings - readings);
    granularity = Math.min(granularity, block.smallest);
    cost = Math.min(cost, block.cost);
    readings += block.readings;
  }
  return { granularity: nanos(finiteOr0(granularity)), cost: nanos(finiteOr0(cost)) };
}

const finiteOr0 = (value: number): number => (Number.isFinite(value) ? value : 0);

/**
 * From one step of the clock to a later one, so that a coarse clock is divided by whole steps:
 *
 *     reading  1 2 3 4 5 6 7 8 9
 *     clock    0 0 1 1 1 2 2 2 3    first step at 3, last at 9: six readings took three steps
 */
function readBlock(clock: Clock, most: number): { smallest: number; cost: number; readings: number } {
  let [smallest, steps, readings] = [Infinity, 0, 0];
  let [first, firstAt] = [0, 0];
  let [last, lastAt] = [clock.now() as number, 0];
  while (readings < most && (readings < readingsPerBlock || steps <= fewestSteps)) {
    const now = clock.now();
    readings++;
    if (now === last) continue;
    if (steps++ === 0) [first, firstAt] = [now, readings];
    else smallest = Math.min(smallest, now - last);
    [last, lastAt] = [now, readings];
  }
  return { smallest, cost: steps > 1 ? (last - first) / (lastAt - firstAt) : Infinity, readings };
}
