import type { Nanos } from '@perfkeel/core';
import type { LoadProfile } from '../profile/load-profile.ts';
import { LoadSeries, type LoadInterval } from './load-series.ts';
import { progressLine } from './progress-line.ts';
import type { Tally } from './tally.ts';

const secondMs = 1000;

export interface LoadWatchOptions {
  readonly profile: LoadProfile;
  /** Of everything that is sent, one for each thread that sends. */
  readonly tallies: readonly Tally[];
  /** Nanoseconds since the start of the run, which begins now. */
  readonly now: () => Nanos;
  /** How busy the sending thread has been since this was asked last. */
  readonly utilisation: () => number;
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Called once a second; `intervals` is the run so far, which takes some milliseconds to say when it is long. */
  readonly onLook?: ((intervals: () => readonly LoadInterval[]) => void) | undefined;
}

/** Looks at a run once a second. */
export class LoadWatch {
  readonly #options: LoadWatchOptions;
  readonly #series: LoadSeries;
  readonly #timer: NodeJS.Timeout;
  #stopped = false;

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
    const { profile, onProgress, onLook } = this.#options;
    const interval = this.#sample();
    onProgress?.(progressLine(profile, interval));
    onLook?.(() => this.#series.intervals);
  }

  #sample(): LoadInterval {
    const { now, utilisation } = this.#options;
    return this.#series.sample(now(), utilisation());
  }
}
