import { messageOf, type Nanos } from '@perfkeel/core';
import type { Answer, ConnectionTiming, Driver, DriverFactory, DriverSink } from '../driver.ts';
import type { Failure } from '../failure.ts';
import { Deadlines, type DeadlineLine } from '../http1/deadlines.ts';
import { unexpected, type PreparedRequest } from '../prepared-request.ts';
import { wirePath } from '../wire-path.ts';
import type { Rows } from './rows.ts';
import type { Sender, SenderFactory, SenderOptions, SenderSink } from './sender.ts';
import type { PlannedStep } from './step.ts';
import { Visit } from './visit.ts';

/** Requests to one url that follow each other. */
export interface StepsWork {
  readonly url: URL;
  readonly steps: readonly PlannedStep[];
  readonly rows: Rows;
  /** From the sending of the first request to the end of the last answer. */
  readonly timeout: Nanos;
}

/** Sends the steps of each visit one after the other; a visit ends with its last step, or with the first that fails. */
export const stepsSender =
  (work: StepsWork, createDriver: DriverFactory): SenderFactory =>
  (options) =>
    new StepsSender(work, createDriver, options);

class StepsSender implements Sender, DriverSink {
  readonly #work: StepsWork;
  readonly #now: () => Nanos;
  readonly #sink: SenderSink;
  readonly #driver: Driver;
  readonly #deadlines: Deadlines;
  readonly #timeouts: DeadlineLine<Visit>;
  /** The latest visit of each slot. */
  readonly #latest: Visit[] = [];
  /** Whose request each token is: one that a visit no longer waits for may still be on its way. */
  readonly #asking: Visit[] = [];
  readonly #freeTokens: number[] = [];
  #closed = false;

  constructor(work: StepsWork, createDriver: DriverFactory, { now, sink }: SenderOptions) {
    const { url, timeout } = work;
    this.#work = work;
    this.#now = now;
    this.#sink = sink;
    this.#driver = createDriver({ url, now, timeout, sink: this });
    this.#deadlines = new Deadlines(now);
    this.#timeouts = this.#deadlines.line(timeout, (visit) => this.#timeOut(visit));
  }

  /** Each step has its own. */
  endpointOf(): number {
    return -1;
  }

  hasRoom(): boolean {
    return this.#driver.hasRoom();
  }

  send(index: number, slot: number, client: number): void {
    const visit = new Visit({ slot, index, client });
    const before = this.#latest[slot];
    this.#latest[slot] = visit;
    this.#timeouts.add(visit.deadline, this.#now());
    // What is tried again has the same row.
    this.#begin(visit, () => (visit.row = before?.index === index ? before.row : this.#work.rows.at(index)));
  }

  close(): void {
    this.#closed = true;
    this.#deadlines.stop();
    this.#driver.close();
  }

  answered(token: number, answer: Answer): void {
    const visit = this.#take(token);
    if (visit.over) return;
    const step = this.#stepOf(visit);
    visit.bytes += answer.bytes;
    const wrong = unexpected(visit.request!, answer) ?? visit.learn(step, answer, this.#pathOf(visit.request!));
    const failure = wrong === undefined ? undefined : titled(step, wrong);
    this.#sink.stepEnded?.(visit.slot, answer, failure);
    visit.step += 1;
    const { status } = answer;
    if (failure !== undefined || visit.step === this.#work.steps.length) {
      return this.#end(visit, () => this.#sink.answered(visit.slot, { status, bytes: visit.bytes }, failure));
    }
    // Nothing is sent while a driver reads.
    queueMicrotask(() => this.#begin(visit));
  }

  failed(token: number, failure: Failure): void {
    this.#fail(this.#take(token), failure);
  }

  replayed(token: number): void {
    const visit = this.#asking[token]!;
    if (!visit.over) this.#sink.replayed?.(visit.slot);
  }

  connected(timing: ConnectionTiming): void {
    this.#sink.connected?.(timing);
  }

  roomAgain(): void {
    this.#sink.roomAgain();
  }

  #begin(visit: Visit, prepare?: () => void): void {
    if (visit.over || this.#closed) return;
    const step = this.#stepOf(visit);
    this.#sink.stepSent?.(visit.slot, step.endpoint);
    try {
      prepare?.();
      const request = step.make(visit);
      visit.request = visit.withCookies(request, this.#pathOf(request));
    } catch (error) {
      const message = `the request could not be made: ${messageOf(error)}`;
      // Nobody hears of an outcome before `send` has returned.
      return queueMicrotask(() => this.#fail(visit, { kind: 'other', message }));
    }
    const token = this.#freeTokens.pop() ?? this.#asking.length;
    this.#asking[token] = visit;
    this.#driver.send(visit.request, token);
  }

  #take(token: number): Visit {
    this.#freeTokens.push(token);
    return this.#asking[token]!;
  }

  #timeOut(visit: Visit): void {
    this.#fail(visit, { kind: 'timeout', message: `not all steps within ${this.#work.timeout / 1e6} ms` });
  }

  #fail(visit: Visit, failure: Failure): void {
    if (visit.over) return;
    const shown = titled(this.#stepOf(visit), failure);
    this.#sink.stepEnded?.(visit.slot, undefined, shown);
    this.#end(visit, () => this.#sink.failed(visit.slot, shown));
  }

  #end(visit: Visit, tell: () => void): void {
    visit.over = true;
    visit.deadline.leave();
    tell();
  }

  #stepOf(visit: Visit): PlannedStep {
    return this.#work.steps[visit.step]!;
  }

  #pathOf({ path }: PreparedRequest): string {
    return wirePath(this.#work.url, path);
  }
}

const titled = ({ title }: PlannedStep, { kind, message }: Failure): Failure => ({
  kind,
  message: `${title}: ${message}`,
});
