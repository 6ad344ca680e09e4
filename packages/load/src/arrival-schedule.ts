import { createRng, deriveSeed, type Nanos, type PerSecond } from '@perfkeel/core';

/** How arrivals are spread: at equal distances, or independently of each other as those of many unrelated users. */
export type ArrivalProcess = 'uniform' | 'poisson';

/**
 * When each arrival of a window is due. Absolute: an arrival's time depends on its index alone, never on when an
 * earlier one was served, so a late generator cannot move the load.
 */
export interface ArrivalSchedule {
  /** Arrivals in [0, duration). */
  readonly count: number;
  /** Nanoseconds from the start of the window to arrival `index`, in [0, count). Non-decreasing. */
  timeOf(index: number): Nanos;
}

export interface ArrivalScheduleOptions {
  readonly rate: PerSecond;
  readonly duration: Nanos;
  /** @default 'uniform' */
  readonly arrivals?: ArrivalProcess;
  /** Of the Poisson process; the same seed gives the same schedule. @default 1 */
  readonly seed?: number;
}

/** The schedule of a constant arrival rate. Pure. */
export function createArrivalSchedule(options: ArrivalScheduleOptions): ArrivalSchedule {
  const { rate, duration, arrivals = 'uniform', seed = 1 } = options;
  return arrivals === 'poisson' ? poissonSchedule(rate, duration, seed) : uniformSchedule(rate, duration);
}

function uniformSchedule(rate: PerSecond, duration: Nanos): ArrivalSchedule {
  // Rates such as 100/m are not exact in binary: 99.99999999999999 or 100.00000000000001 arrivals are 100.
  const expected = (rate * duration) / 1e9;
  const count = Math.ceil(expected - expected * 1e-12);
  // Multiplied, not accumulated: no drift over a long run.
  return { count, timeOf: (index) => ((index * 1e9) / rate) as Nanos };
}

const blockSize = 1024;

/**
 * A Poisson process: exponential gaps, by inversion of their distribution function. Every block of arrivals has a
 * generator of its own, seeded by its index; only the start of each block is kept, so that hours of load need
 * 8 bytes for 1024 arrivals, and any arrival can be asked for in any order.
 */
class PoissonSchedule implements ArrivalSchedule {
  readonly count: number;
  readonly #meanGap: number;
  readonly #seed: number;
  readonly #blockStarts: number[] = [0];
  readonly #block = new Float64Array(blockSize);
  #blockIndex = -1;

  constructor(rate: PerSecond, duration: Nanos, seed: number) {
    this.#meanGap = 1e9 / rate;
    this.#seed = seed;
    this.count = this.#countUntil(duration);
  }

  timeOf(index: number): Nanos {
    const block = Math.floor(index / blockSize);
    if (block !== this.#blockIndex) this.#load(block);
    return this.#block[index - block * blockSize]! as Nanos;
  }

  /** Computes the arrivals of one block; its start is known, because `count` was found by walking through all. */
  #load(block: number): void {
    const rng = createRng(deriveSeed(this.#seed, block));
    let time = this.#blockStarts[block]!;
    for (let i = 0; i < blockSize; i++) {
      time -= Math.log(1 - rng()) * this.#meanGap;
      this.#block[i] = time;
    }
    this.#blockStarts[block + 1] = time;
    this.#blockIndex = block;
  }

  #countUntil(duration: Nanos): number {
    let block = 0;
    for (this.#load(block); this.#block[blockSize - 1]! < duration; this.#load(block)) block += 1;
    const inLast = this.#block.findIndex((time) => time >= duration);
    return block * blockSize + inLast;
  }
}

const poissonSchedule = (rate: PerSecond, duration: Nanos, seed: number): ArrivalSchedule =>
  new PoissonSchedule(rate, duration, seed);
