import { nanos, type Nanos } from '@perfkeel/core';
import type { ArrivalWalk } from '../profile/arrival-schedule.ts';
import { Dispatcher, type LoopSink } from './dispatcher.ts';
import { mustStop, patience, type LoopEnd, type SendingRun, type StartLoop } from './load-run.ts';
import type { Pacer, PacerFactory } from './pacer.ts';

/**
 * The open model: every arrival is sent at its own time, or as soon after it as the process wakes up. Nothing waits
 * for an answer, nothing is left out. Ends when the last request has its outcome.
 */
export const openLoop =
  (run: SendingRun, arrivals: ArrivalWalk, createPacer: PacerFactory): StartLoop =>
  (now) =>
    new OpenLoop(run, arrivals, createPacer, now).ended;

class OpenLoop implements LoopSink {
  readonly ended: Promise<LoopEnd>;
  readonly #run: SendingRun;
  readonly #arrivals: ArrivalWalk;
  readonly #dispatcher: Dispatcher;
  readonly #now: () => Nanos;
  readonly #pacer: Pacer;
  readonly #stop = (): void => this.#finish();
  #end: (end: LoopEnd) => void = () => {};
  #soon: NodeJS.Immediate | undefined;
  #drainedAt: number | undefined;
  #finished = false;

  constructor(run: SendingRun, arrivals: ArrivalWalk, createPacer: PacerFactory, now: () => Nanos) {
    const { recorder, createSender, signal } = run;
    this.#run = run;
    this.#arrivals = arrivals;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#now = now;
    this.#dispatcher = new Dispatcher({ recorder, createSender, now: this.#now, sink: this });
    this.#pacer = createPacer(this.#now, () => this.#wake());
    signal?.addEventListener('abort', this.#stop, { once: true });
    this.#wake();
  }

  settled(_client: number, endedAt: Nanos): void {
    if (this.#isDone() || mustStop(this.#run)) this.#finish();
    else if (this.#arrivals.dueAt <= endedAt) this.#wakeSoon();
  }

  roomAgain(): void {
    this.#wakeSoon();
  }

  /**
   * Whatever else woke the process up, arrivals that are due must not wait for the pacer; but for the end of this turn
   * of the event loop, when the connections that have just been used are idle again.
   */
  #wakeSoon(): void {
    if (this.#finished || this.#arrivals.dueAt === Infinity) return;
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#wake();
    });
  }

  /** Sends what is due, then sleeps until the next arrival. A late waking moves no later arrival. */
  #wake(): void {
    if (mustStop(this.#run)) this.#finish();
    this.#issueDue();
    if (this.#isDone()) this.#finish();
    if (this.#finished) return;
    if (this.#arrivals.dueAt === Infinity) this.#drain();
    else if (this.#arrivals.dueAt > this.#now()) this.#pacer.wakeAt(nanos(this.#arrivals.dueAt));
    else if (this.#dispatcher.hasRoom()) this.#wakeSoon();
  }

  /**
   * Sends what was due when it was called. What falls due meanwhile waits for the next turn of the event loop: a
   * generator that is too slow for its rate would otherwise never read an answer again.
   */
  #issueDue(): void {
    if (this.#finished) return;
    const arrivals = this.#arrivals;
    const now = this.#now();
    while (arrivals.dueAt <= now && this.#dispatcher.hasRoom()) {
      this.#dispatcher.dispatch(arrivals.index, undefined, arrivals.phase, arrivals.dueAt);
      arrivals.advance();
    }
  }

  /** Behind the last arrival every request ends by its timeout. What does not is counted as one all the same. */
  #drain(): void {
    const now = this.#now();
    this.#drainedAt ??= now + this.#run.timeout + patience;
    if (now < this.#drainedAt) return this.#pacer.wakeAt(nanos(this.#drainedAt));
    this.#dispatcher.expire();
    this.#finish();
  }

  #isDone(): boolean {
    return this.#arrivals.dueAt === Infinity && this.#dispatcher.inFlight === 0;
  }

  /** Whatever has no outcome by now, sent or not, is dropped and counted. */
  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#run.signal?.removeEventListener('abort', this.#stop);
    this.#pacer.stop();
    clearImmediate(this.#soon);
    const interrupted = !this.#isDone();
    this.#dispatcher.close();
    const arrivals = this.#arrivals;
    for (; arrivals.dueAt !== Infinity; arrivals.advance()) this.#dispatcher.drop(arrivals.index, arrivals.phase);
    this.#end({ interrupted });
  }
}
