import { createRng, deriveSeed } from '@perfkeel/core';

/** How arrivals are spread: at equal distances, or independently of each other as those of many unrelated users. */
export const arrivalProcesses = ['uniform', 'poisson'] as const;
export type ArrivalProcess = (typeof arrivalProcesses)[number];

/**
 * Where the arrivals of a process of rate 1 lie: the expectation at which arrival `index` comes. Bent by the inverse of a
 * rate curve they become the arrivals of that curve (Cinlar, Introduction to Stochastic Processes, section 4.7).
 */
export interface UnitProcess {
  /** Non-decreasing, from 0 upwards. */
  at(index: number): number;
  /** Arrivals in [0, total). */
  countUntil(total: number): number;
}

const uniformProcess: UnitProcess = { at: (index) => index, countUntil: (total) => Math.ceil(total) };

const blockSize = 1024;

/**
 * A Poisson process: exponential gaps, by inversion of their distribution function. Every block of arrivals has a
 * generator of its own, seeded by its index; only the start of each block is kept, so that hours of load need
 * 8 bytes for 1024 arrivals, and any arrival can be asked for in any order.
 */
class PoissonProcess implements UnitProcess {
  readonly #seed: number;
  readonly #blockStarts: number[] = [0];
  readonly #block = new Float64Array(blockSize);
  #blockIndex = -1;

  constructor(seed: number) {
    this.#seed = seed;
  }

  at(index: number): number {
    const block = Math.floor(index / blockSize);
    if (block !== this.#blockIndex) this.#reach(block);
    return this.#block[index - block * blockSize]!;
  }

  countUntil(total: number): number {
    let block = 0;
    for (this.#reach(0); this.#block[blockSize - 1]! < total; this.#reach(block)) block += 1;
    return block * blockSize + this.#block.findIndex((expected) => expected >= total);
  }

  /** Where a block begins is known only when the one before it has been computed, once. */
  #reach(block: number): void {
    for (let i = Math.min(block, this.#blockStarts.length - 1); i <= block; i++) this.#load(i);
  }

  #load(block: number): void {
    const rng = createRng(deriveSeed(this.#seed, block));
    let expected = this.#blockStarts[block]!;
    for (let i = 0; i < blockSize; i++) {
      expected -= Math.log(1 - rng());
      this.#block[i] = expected;
    }
    this.#blockStarts[block + 1] = expected;
    this.#blockIndex = block;
  }
}

/** @param seed of the Poisson process; the same seed gives the same arrivals */
export const createUnitProcess = (arrivals: ArrivalProcess, seed: number): UnitProcess =>
  arrivals === 'poisson' ? new PoissonProcess(seed) : uniformProcess;
