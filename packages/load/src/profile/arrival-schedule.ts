import type { Nanos } from '@perfkeel/core';
import { createUnitProcess, type ArrivalProcess, type UnitProcess } from './arrival-process.ts';
import type { Phase } from './phase.ts';
import { RateCurve } from './rate-curve.ts';

/**
 * When each arrival of an open run is due. Absolute: an arrival's time depends on its index alone, never on when an
 * earlier one was served, so a late generator cannot move the load.
 */
export interface ArrivalSchedule {
  /** Arrivals of the whole run. Poisson arrivals are counted when this is read: some 20 ns for each. */
  readonly count: number;
  /** Nanoseconds from the start of the run to arrival `index`, in [0, count). Non-decreasing. */
  timeOf(index: number): Nanos;
  /** The arrivals in their order, or those of one worker. */
  walk(stripe?: Stripe): ArrivalWalk;
}

/**
 * The part of one worker: every `of`-th arrival, beginning with arrival `worker`. All parts together are the whole
 * schedule, so that one worker or several send the same load.
 */
export interface Stripe {
  readonly worker: number;
  readonly of: number;
}

/** A place in a schedule that moves forward only. */
export interface ArrivalWalk {
  readonly index: number;
  /** Nanoseconds since the start of the run; `Infinity` behind the last arrival. */
  readonly dueAt: number;
  /** The phase to which the arrival belongs. */
  readonly phase: number;
  advance(): void;
}

export interface ArrivalScheduleOptions {
  /** One after the other; levels are arrivals per second. */
  readonly phases: readonly Phase[];
  /** @default 'uniform' */
  readonly arrivals?: ArrivalProcess;
  /** Of the Poisson process; the same seed gives the same schedule. @default 1 */
  readonly seed?: number;
}

/**
 * The schedule of an open profile: the arrivals of a process of rate 1, at the times at which the integral of the rate
 * reaches them. A phase of whole expectation has exactly that many uniform arrivals, others one more or less. Pure.
 */
export function createArrivalSchedule({
  phases,
  arrivals = 'uniform',
  seed = 1,
}: ArrivalScheduleOptions): ArrivalSchedule {
  const curve = new RateCurve(phases);
  const process = createUnitProcess(arrivals, seed);
  let count: number | undefined;
  return {
    get count() {
      return (count ??= process.countUntil(curve.total));
    },
    timeOf: (index) => curve.timeAt(process.at(index)),
    walk: (stripe = { worker: 0, of: 1 }) => new Walk(curve, createUnitProcess(arrivals, seed), stripe),
  };
}

class Walk implements ArrivalWalk {
  index: number;
  dueAt = 0;
  phase = 0;
  readonly #curve: RateCurve;
  readonly #process: UnitProcess;
  readonly #step: number;

  constructor(curve: RateCurve, process: UnitProcess, { worker, of }: Stripe) {
    this.#curve = curve;
    this.#process = process;
    this.#step = of;
    this.index = worker - of;
    this.advance();
  }

  advance(): void {
    this.index += this.#step;
    const expected = this.#process.at(this.index);
    if (expected >= this.#curve.total) {
      this.dueAt = Infinity;
      return;
    }
    this.phase = this.#curve.phaseAt(expected, this.phase);
    this.dueAt = this.#curve.timeAt(expected, this.phase);
  }
}
