import { median, messageOf, nanos, type Nanos } from '@perfkeel/core';
import type { Window } from '../../profile/phase.ts';
import { matchSignals } from '../signals/match-signals.ts';
import { SignalRecorder } from '../signals/signal-recorder.ts';
import type { Witness } from './metrics-endpoint.ts';

/** What one witness told in a run. */
export interface Testimony {
  /** One of each of its programs. */
  readonly programs: readonly SignalRecorder[];
  readonly reads: number;
  /** Why it could not be read the first time that it could not. */
  readonly failure?: string | undefined;
  /** Half of the reads took at most so long. */
  readonly roundTrip?: Nanos | undefined;
}

/** Enough for a median, however long it goes on. */
const mostRoundTrips = 10_000;

/** Asks one witness again and again, never twice at once. */
class WitnessLog {
  readonly #witness: Witness;
  readonly #now: () => Nanos;
  readonly #programs = new Map<string, SignalRecorder>();
  readonly #roundTrips: number[] = [];
  #reads = 0;
  #failure: string | undefined;
  #asking: Promise<void> | undefined;

  constructor(witness: Witness, now: () => Nanos) {
    this.#witness = witness;
    this.#now = now;
  }

  ask(): Promise<void> {
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  /** What it says now, and not what it was asked before. */
  async askAnew(): Promise<void> {
    await this.#asking;
    await this.ask();
  }

  get testimony(): Testimony {
    return {
      ...{ programs: [...this.#programs.values()], reads: this.#reads, failure: this.#failure },
      roundTrip: this.#roundTrips.length === 0 ? undefined : nanos(median(this.#roundTrips)),
    };
  }

  close(): void {
    this.#witness.close();
  }

  async #ask(): Promise<void> {
    const asked = this.#now();
    try {
      const told = await this.#witness.read();
      const at = this.#now();
      for (const [program, exposition] of told) {
        const recorder = this.#programs.get(program) ?? new SignalRecorder();
        this.#programs.set(program, recorder);
        recorder.add(at, matchSignals(exposition));
      }
      this.#reads += 1;
      if (this.#roundTrips.length < mostRoundTrips) this.#roundTrips.push(at - asked);
    } catch (error) {
      this.#failure ??= messageOf(error);
    }
  }
}

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

/** Asks witnesses from the beginning of what is measured to its end. */
export class EvidenceWatch {
  readonly #logs: readonly WitnessLog[];
  readonly #begin: NodeJS.Timeout;
  readonly #isLast: boolean;
  readonly #finish: NodeJS.Timeout;
  #next: NodeJS.Timeout | undefined;
  #last: Promise<unknown> | undefined;

  constructor({ witnesses, window, every, isLast, now }: EvidenceWatchOptions) {
    this.#logs = witnesses.map((witness) => new WitnessLog(witness, now));
    this.#isLast = isLast;
    this.#begin = setTimeout(() => {
      this.#look();
      this.#next = setInterval(() => this.#look(), every / 1e6);
    }, window.start / 1e6);
    this.#finish = setTimeout(() => this.#end(), window.end / 1e6);
  }

  /**
   * Ends the watch. What was sent last may have been answered behind the end of what is measured: so it is asked once
   * more, unless other load has come since.
   */
  async stop(): Promise<readonly Testimony[]> {
    const again = this.#isLast && this.#last !== undefined;
    this.#end();
    await this.#last;
    if (again) await this.#askAll();
    return this.#logs.map(({ testimony }) => testimony);
  }

  /** Asks nobody any more, and waits for nobody. */
  close(): void {
    this.#stopTimers();
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
