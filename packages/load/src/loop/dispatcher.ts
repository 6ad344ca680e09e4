import type { Nanos } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import type { Failure } from '../failure.ts';
import type { AnswerParts, LoadRecorder } from '../record/load-recorder.ts';
import type { Sender, SenderFactory, SenderSink } from '../work/sender.ts';
import { InFlight, type Entry } from './in-flight.ts';

/** What a loop hears of what it sent. */
export interface LoopSink {
  /** A request of `client` is over; `failed` when it had no answer. */
  settled(client: number, endedAt: Nanos, failed: boolean): void;
  roomAgain(): void;
}

export interface DispatcherOptions {
  readonly recorder: LoadRecorder;
  readonly createSender: SenderFactory;
  /** Nanoseconds since the start of the run. */
  readonly now: () => Nanos;
  readonly sink: LoopSink;
}

/** The book-keeping between a loop, which says when, and a sender, which says what: each request has one outcome. */
export class Dispatcher implements SenderSink {
  readonly #recorder: LoadRecorder;
  readonly #now: () => Nanos;
  readonly #sink: LoopSink;
  readonly #sender: Sender;
  readonly #inFlight = new InFlight();
  #closed = false;

  constructor({ recorder, createSender, now, sink }: DispatcherOptions) {
    this.#recorder = recorder;
    this.#now = now;
    this.#sink = sink;
    this.#sender = createSender({ now, sink: this });
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  hasRoom(): boolean {
    return this.#sender.hasRoom();
  }

  /**
   * Sends piece `index` of the work now. Without an intended start it is intended for now, as clients do; without a client
   * it is on its way as the first that is free.
   */
  dispatch(index: number, client: number | undefined, phase: number, intendedAt?: number): void {
    const entry = this.#inFlight.take();
    entry.index = index;
    entry.client = client ?? entry.slot;
    entry.phase = phase;
    entry.endpoint = this.#sender.endpointOf(index);
    entry.sentAt = this.#now();
    entry.intendedAt = intendedAt ?? entry.sentAt;
    entry.step = -1;
    entry.stepFrom = -1;
    this.#recorder.sent(entry);
    this.#sender.send(index, entry.slot, entry.client);
  }

  /** A piece of work that is due and will not be sent. */
  drop(index: number, phase: number): void {
    this.#recorder.unsent(phase, this.#sender.endpointOf(index));
  }

  /** Counts what has no outcome, long behind its timeout, as having none in time. */
  expire(): void {
    for (const entry of this.#inFlight.pending()) {
      this.#inFlight.release(entry);
      const failure: Failure = { kind: 'timeout', message: 'no outcome at the end of the run' };
      this.#recorder.stepEnded(entry.phase, entry.step, undefined, failure);
      this.#recorder.unanswered(entry, failure);
    }
  }

  /** Gives up what has no outcome: it is dropped and counted. Nothing is heard of it any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { phase, endpoint, step } of this.#inFlight.pending()) {
      this.#recorder.givenUp(phase, endpoint);
      this.#recorder.stepGivenUp(phase, step);
    }
    this.#sender.close();
  }

  answered(slot: number, answer: AnswerParts, wrong?: Failure): void {
    const entry = this.#take(slot);
    if (entry === undefined) return;
    const endedAt = this.#now();
    this.#recorder.answered(entry, endedAt, answer, wrong);
    this.#sink.settled(entry.client, endedAt, false);
  }

  failed(slot: number, failure: Failure): void {
    const entry = this.#take(slot);
    if (entry === undefined) return;
    this.#recorder.unanswered(entry, failure);
    this.#sink.settled(entry.client, this.#now(), true);
  }

  retried(slot: number): void {
    const entry = this.#closed ? undefined : this.#inFlight.at(slot);
    if (entry !== undefined) this.#recorder.retried(entry);
  }

  replayed(slot: number): void {
    const entry = this.#closed ? undefined : this.#inFlight.at(slot);
    if (entry !== undefined) this.#recorder.replayed(entry);
  }

  /** The first one has been waited for since the work was due, the others since the one before was over. */
  stepSent(slot: number, endpoint: number): void {
    const entry = this.#closed ? undefined : this.#inFlight.at(slot);
    if (entry === undefined) return;
    entry.stepFrom = entry.stepFrom < 0 ? entry.intendedAt : this.#now();
    entry.step = endpoint;
    this.#recorder.stepSent(entry.phase, endpoint);
  }

  stepEnded(slot: number, answer: Pick<AnswerParts, 'status'> | undefined, failure: Failure | undefined): void {
    const entry = this.#closed ? undefined : this.#inFlight.at(slot);
    if (entry === undefined) return;
    const answered = answer && { status: answer.status, took: this.#now() - entry.stepFrom };
    this.#recorder.stepEnded(entry.phase, entry.step, answered, failure);
    entry.step = -1;
  }

  connected(timing: ConnectionTiming): void {
    if (!this.#closed) this.#recorder.connected(timing);
  }

  roomAgain(): void {
    if (!this.#closed) this.#sink.roomAgain();
  }

  /** Frees a slot at its first outcome; its entry stays as it is until the next request is sent. */
  #take(slot: number): Entry | undefined {
    const entry = this.#closed ? undefined : this.#inFlight.at(slot);
    if (entry !== undefined) this.#inFlight.release(entry);
    return entry;
  }
}
