import { deriveSeed, nanos, type Nanos } from '@perfkeel/core';
import { changesOfWorker, clientChanges, type ClientChange } from '../profile/client-curve.ts';
import type { ClosedProfile } from '../profile/load-profile.ts';
import { windowsOf, type Window } from '../profile/phase.ts';
import { thinkTimes } from '../profile/think-time.ts';
import { Dispatcher, type LoopSink } from './dispatcher.ts';
import { DueQueue } from './due-queue.ts';
import { mustStop, patience, type LoopEnd, type SendingRun, type StartLoop } from './load-run.ts';
import { timerPacer, type Pacer } from './pacer.ts';

/** A client whose requests fail one after the other pauses, longer each time: from the second failure on. */
const firstPause = 10e6;
const longestPause = 1e9;

/**
 * The closed model: each client sends its next request when it has the answer to the last, after its think time. Clients
 * join and leave as the profile says; who leaves still takes the answer to its last request. Ends when nobody waits for
 * an answer any more.
 */
export const closedLoop =
  (run: SendingRun, profile: ClosedProfile): StartLoop =>
  (now) =>
    new ClosedLoop(run, profile, now).ended;

class ClosedLoop implements LoopSink {
  readonly ended: Promise<LoopEnd>;
  readonly #run: SendingRun;
  readonly #windows: readonly Window[];
  readonly #changes: readonly ClientChange[];
  readonly #think: () => Nanos;
  readonly #dispatcher: Dispatcher;
  readonly #now: () => Nanos;
  readonly #pacer: Pacer;
  readonly #stop = (): void => this.#finish();
  /** Who could send at once, but for this turn of the event loop or for room. */
  readonly #ready: number[] = [];
  readonly #thinking = new DueQueue();
  /** Whether a client is there, waiting for an answer, thinking or ready; by client. */
  readonly #present: boolean[] = [];
  readonly #failures: number[] = [];
  #clients = 0;
  #change = 0;
  #phase = 0;
  #index: number;
  #end: (end: LoopEnd) => void = () => {};
  #soon: NodeJS.Immediate | undefined;
  #drainedAt: number | undefined;
  #finished = false;

  constructor(run: SendingRun, { phases, think }: ClosedProfile, now: () => Nanos) {
    const { recorder, createSender, signal, seed, stripe } = run;
    this.#run = run;
    this.#windows = windowsOf(phases);
    this.#changes = changesOfWorker(clientChanges(phases), stripe);
    this.#think = thinkTimes(think, deriveSeed(seed, stripe.worker));
    this.#index = stripe.worker;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#now = now;
    this.#dispatcher = new Dispatcher({ recorder, createSender, now: this.#now, sink: this });
    this.#pacer = timerPacer(this.#now, () => this.#wake());
    signal?.addEventListener('abort', this.#stop, { once: true });
    this.#wake();
  }

  settled(name: number, endedAt: Nanos, failed: boolean): void {
    const client = (name - this.#run.stripe.worker) / this.#run.stripe.of;
    const failures = failed ? (this.#failures[client] ?? 0) + 1 : 0;
    this.#failures[client] = failures;
    const pause = failures < 2 ? this.#think() : Math.min(firstPause * 2 ** (failures - 2), longestPause);
    if (pause === 0) this.#ready.push(client);
    else this.#thinking.push(client, endedAt + pause);
    this.#wakeSoon();
  }

  roomAgain(): void {
    if (this.#ready.length > 0) this.#wakeSoon();
  }

  /** At the end of this turn of the event loop, when the connections that have just been used are idle again. */
  #wakeSoon(): void {
    if (this.#finished) return;
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#wake();
    });
  }

  #wake(): void {
    if (mustStop(this.#run)) this.#finish();
    if (this.#finished) return;
    const now = this.#now();
    this.#advanceTo(now);
    while (this.#thinking.nextAt <= now) this.#ready.push(this.#thinking.pop());
    this.#sendReady();
    if (this.#isDone()) this.#finish();
    else if (this.#isOver()) this.#drain(now);
    else this.#sleep();
  }

  /** Enters the phase of this moment, and lets clients join or leave. */
  #advanceTo(now: Nanos): void {
    while (this.#phase < this.#windows.length && now >= this.#windows[this.#phase]!.end) this.#phase += 1;
    if (this.#isOver()) this.#clients = 0;
    if (this.#isOver() || this.#nextChangeAt > now) return;
    while (this.#nextChangeAt <= now) this.#clients = this.#changes[this.#change++]!.clients;
    this.#letJoin();
  }

  /** Who left before the last answer came and is asked back goes on as if nothing had happened. */
  #letJoin(): void {
    for (let client = 0; client < this.#clients; client++) {
      if (this.#present[client] === true) continue;
      this.#present[client] = true;
      this.#ready.push(client);
    }
  }

  /** When clients join or leave next. */
  get #nextChangeAt(): number {
    return this.#changes[this.#change]?.at ?? Infinity;
  }

  #sendReady(): void {
    let waiting = 0;
    for (const client of this.#ready) {
      if (client >= this.#clients) this.#present[client] = false;
      else if (this.#dispatcher.hasRoom()) this.#dispatch(client);
      else this.#ready[waiting++] = client;
    }
    this.#ready.length = waiting;
  }

  /** Clients of several workers are numbered in turns; each worker sends the whole mix, begun at another place. */
  #dispatch(client: number): void {
    const { worker, of } = this.#run.stripe;
    this.#dispatcher.dispatch(this.#index, client * of + worker, this.#phase);
    this.#index += 1;
  }

  /** Behind the last phase every request ends by its timeout. What does not is counted as one all the same. */
  #drain(now: Nanos): void {
    this.#drainedAt ??= now + this.#run.timeout + patience;
    if (now < this.#drainedAt) return this.#pacer.wakeAt(nanos(this.#drainedAt));
    this.#dispatcher.expire();
    this.#finish();
  }

  /** Until somebody has thought enough, somebody joins or leaves, or the phase ends. */
  #sleep(): void {
    const window = this.#windows[this.#phase];
    const next = Math.min(this.#thinking.nextAt, window!.end, this.#nextChangeAt);
    this.#pacer.wakeAt(nanos(next));
  }

  #isOver(): boolean {
    return this.#phase >= this.#windows.length;
  }

  /** Who only thinks at the end has nothing to wait for. */
  #isDone(): boolean {
    return this.#isOver() && this.#dispatcher.inFlight === 0;
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#run.signal?.removeEventListener('abort', this.#stop);
    this.#pacer.stop();
    clearImmediate(this.#soon);
    const interrupted = !this.#isDone();
    this.#dispatcher.close();
    this.#end({ interrupted });
  }
}
