import { formatQuantity, median, messageOf, nanos, nanosFromMs, type Nanos } from '@perfkeel/core';
import { untilAborted } from '../../until-aborted.ts';
import { parsingExposition, type Exposition } from '../exposition/parse-exposition.ts';
import { isSignalName, matchingSignals } from '../signals/match-signals.ts';
import { SignalRecorder } from '../signals/signal-recorder.ts';
import { inSlices } from '../slices.ts';
import type { Witness } from './metrics-endpoint.ts';

/** What one witness told in a run. */
export interface Testimony {
  /** One of each of its programs. */
  readonly programs: readonly SignalRecorder[];
  readonly reads: number;
  /** How many times it was asked and told nothing. */
  readonly silences?: number;
  /** Why it could not be read the first time that it could not. */
  readonly failure?: string | undefined;
  /** Half of the reads took at most so long. */
  readonly roundTrip?: Nanos | undefined;
}

/** Enough for a median, however long it goes on. */
const mostRoundTrips = 10_000;

/** Waits for what a witness tells, for so long and no longer. */
export async function askWithin(witness: Witness, patience: Nanos, signal: AbortSignal): ReturnType<Witness['read']> {
  const own = new AbortController();
  const giveUp = (): void => own.abort(signal.reason);
  const timer = setTimeout(
    () => own.abort(new Error(`no answer within ${formatQuantity(patience, 'ns')}`)),
    patience / 1e6,
  );
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    own.signal.throwIfAborted();
    return await untilAborted(own.signal, witness.read(own.signal));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** A server under load may answer late: it is asked again at the next moment, and a slow one at every second. */
const patienceFor = (every: Nanos): Nanos => nanos(Math.min(Math.max(every, nanosFromMs(1000)), nanosFromMs(5000)));

/** Asks one witness again and again, never twice at once. */
export class WitnessLog {
  readonly #witness: Witness;
  readonly #now: () => Nanos;
  readonly #patience: Nanos;
  readonly #signal: AbortSignal;
  readonly #programs = new Map<string, SignalRecorder>();
  readonly #roundTrips: number[] = [];
  #reads = 0;
  #silences = 0;
  #failure: string | undefined;
  #asking: Promise<void> | undefined;

  /** @param signal ends all that is being asked, and lets nothing be asked any more */
  constructor(witness: Witness, now: () => Nanos, every: Nanos, signal: AbortSignal) {
    this.#witness = witness;
    this.#now = now;
    this.#patience = patienceFor(every);
    this.#signal = signal;
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
      ...{ programs: [...this.#programs.values()], reads: this.#reads, silences: this.#silences },
      failure: this.#failure,
      roundTrip: this.#roundTrips.length === 0 ? undefined : nanos(median(this.#roundTrips)),
    };
  }

  close(): void {
    this.#witness.close();
  }

  async #ask(): Promise<void> {
    const asked = this.#now();
    try {
      const told = await askWithin(this.#witness, this.#patience, this.#signal);
      const at = this.#now();
      for (const [program, page] of told) {
        const recorder = this.#programs.get(program) ?? new SignalRecorder();
        this.#programs.set(program, recorder);
        await record(recorder, at, page);
      }
      this.#reads += 1;
      if (this.#roundTrips.length < mostRoundTrips) this.#roundTrips.push(at - asked);
    } catch (error) {
      this.#silences += 1;
      this.#failure ??= messageOf(error);
    }
  }
}

/** In slices: the thread that asks is the one that sends. */
async function record(recorder: SignalRecorder, at: Nanos, page: string): Promise<void> {
  const exposition = expectMetrics(await inSlices(parsingExposition(page, isSignalName)));
  await inSlices(recorder.adding(at, await inSlices(matchingSignals(exposition))));
}

function expectMetrics(exposition: Exposition): Exposition {
  if (exposition.samples.length > 0 || exposition.malformed === 0) return exposition;
  throw new Error('its answer is no text of Prometheus or OpenMetrics');
}
