import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Nanos } from '@perfkeel/core';
import type { LoadProfile } from '../profile/load-profile.ts';
import { LoadSeries, type LoadInterval } from './load-series.ts';
import { progressLine } from './progress-line.ts';
import type { Tally } from './tally.ts';

const secondMs = 1000;

export interface LoadWatchOptions {
  readonly profile: LoadProfile;
  /** Of everything that is sent. */
  readonly tallies: readonly Tally[];
  /** Nanoseconds since the start of the run, which begins now. */
  readonly now: () => Nanos;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Looks at a run once a second, from the thread that does not have to be on time if there is another one. */
export class LoadWatch {
  readonly #options: LoadWatchOptions;
  readonly #series: LoadSeries;
  readonly #timer: NodeJS.Timeout;
  #stopped = false;
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();

  constructor(options: LoadWatchOptions) {
    this.#options = options;
    this.#series = new LoadSeries(options.tallies);
    this.#timer = setInterval(() => this.#look(), secondMs);
  }

  /** Ends the watch, once. @returns the whole run in intervals */
  stop(): readonly LoadInterval[] {
    if (!this.#stopped) this.#sample();
    this.#stopped = true;
    clearInterval(this.#timer);
    return this.#series.intervals;
  }

  #look(): void {
    const interval = this.#sample();
    this.#options.onProgress?.(progressLine(this.#options.profile, interval));
  }

  #sample(): LoadInterval {
    const before = this.#utilisation;
    this.#utilisation = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(this.#utilisation, before);
    return this.#series.sample(this.#options.now(), utilization);
  }
}
