import { nanosFromMs, type Nanos } from '@perfkeel/core';
import type { Window } from '../../profile/phase.ts';
import type { Witness } from './metrics-endpoint.ts';
import { WitnessLog, type Testimony } from './witness-log.ts';

export interface EvidenceWatchOptions {
  readonly witnesses: readonly Witness[];
  /** What is measured, in nanoseconds from now. */
  readonly window: Window;
  readonly every: Nanos;
  /** Whether nothing is sent behind what is measured. */
  readonly isLast: boolean;
  /** Nanoseconds since the start of the run, which begins now. */
  readonly now: () => Nanos;
}

/** All that is asked behind the last answer is told by then, or never: a round does not wait for who tells of it. */
const lastPatience = nanosFromMs(1500);

/** Asks witnesses from the beginning of what is measured to its end. */
export class EvidenceWatch {
  readonly #logs: readonly WitnessLog[];
  readonly #begin: NodeJS.Timeout;
  readonly #isLast: boolean;
  readonly #finish: NodeJS.Timeout;
  readonly #over = new AbortController();
  #next: NodeJS.Timeout | undefined;
  #last: Promise<unknown> | undefined;

  constructor({ witnesses, window, every, isLast, now }: EvidenceWatchOptions) {
    this.#logs = witnesses.map((witness) => new WitnessLog(witness, now, every, this.#over.signal));
    this.#isLast = isLast;
    this.#begin = setTimeout(() => {
      this.#look();
      this.#next = setInterval(() => this.#look(), every / 1e6);
    }, window.start / 1e6);
    this.#finish = setTimeout(() => this.#end(), window.end / 1e6);
  }

  /**
   * Ends the watch. What was sent last may have been answered behind the end of what is measured: so it is asked once
   * more, unless other load has come since. Takes some 1.5 s at most, whoever hangs.
   */
  async stop(): Promise<readonly Testimony[]> {
    const timer = setTimeout(
      () => this.#over.abort(new Error(`no answer within ${lastPatience / 1e9} s after the load`)),
      lastPatience / 1e6,
    );
    try {
      const again = this.#isLast && this.#last !== undefined;
      this.#end();
      await this.#last;
      if (again) await this.#askAll();
    } finally {
      clearTimeout(timer);
    }
    return this.#logs.map(({ testimony }) => testimony);
  }

  /** Asks nobody any more, and waits for nobody. */
  close(): void {
    this.#stopTimers();
    this.#over.abort(new Error('the load was ended'));
    for (const log of this.#logs) log.close();
  }

  #look(): void {
    for (const log of this.#logs) void log.ask();
  }

  #end(): void {
    this.#stopTimers();
    this.#last ??= this.#askAll();
  }

  #stopTimers(): void {
    clearTimeout(this.#begin);
    clearTimeout(this.#finish);
    clearInterval(this.#next);
  }

  #askAll(): Promise<unknown> {
    return Promise.all(this.#logs.map((log) => log.askAnew()));
  }
}
