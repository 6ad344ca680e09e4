import { Worker } from 'node:worker_threads';
import type { Nanos } from '@perfkeel/core';
import { timerPacer, type Pacer, type PacerFactory } from './pacer.ts';

/**
 * The words that the loop and the pacer thread share:
 *
 *     int32 [0] wishes: counts up with each new wish     [1] wakings: counts up with each waking     [2] over
 *     float64 at byte 16: until when to sleep, in milliseconds on the monotonic clock of the process
 */
const [wishes, wakings, over] = [0, 1, 2];
const sharedBytes = 24;

/** Sleeps in the kernel, to the microsecond, and wakes the loop. It needs nothing but Node, so it needs no file. */
const program = `
const { workerData } = require('node:worker_threads');
const words = new Int32Array(workerData, 0, 3);
const until = new Float64Array(workerData, 16, 1);
const now = () => Number(process.hrtime.bigint()) / 1e6;
let wish = 0;
const isOver = () => Atomics.load(words, ${over}) === 1;
// A wish is heard of twice when it is seen before its notification arrives: being woken means only to look again.
const sleepUntilDue = () => {
  for (;;) {
    wish = Atomics.load(words, ${wishes});
    const wait = until[0] - now();
    if (isOver() || wait <= 0 || Atomics.wait(words, ${wishes}, wish, wait) === 'timed-out') return;
  }
};
while (!isOver()) {
  while (Atomics.load(words, ${wishes}) === wish) Atomics.wait(words, ${wishes}, wish);
  sleepUntilDue();
  Atomics.add(words, ${wakings}, 1);
  Atomics.notify(words, ${wakings});
}
`;

/** From the waking of the thread to that of the loop: the thread is asked to be so much early. */
const lead = 80e3;
/** The loop was woken this little too early: turning it a few times is better than another sleep. */
const near = 40e3;
/** No sleep is shorter, so that at tens of thousands a second several arrivals share one waking. */
const shortestSleep = 100e3;
/** Should the thread ever hang, in milliseconds: the load must not. */
const patienceMs = 100;

/** The part of ES2024 that this needs; Node has had it since version 16. */
interface AsyncAtomics {
  waitAsync(words: Int32Array, index: number, value: number): { readonly value: Promise<string> | string };
}
const asyncAtomics = Atomics as unknown as AsyncAtomics;

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * A pacer on a thread of its own, which sleeps in the kernel: tens of microseconds late instead of half a millisecond,
 * and without turning the event loop until the time has come, which would take a whole core from the target.
 *
 * @returns timers where no thread can be had
 */
export async function startThreadPacer(): Promise<PacerFactory> {
  const shared = new SharedArrayBuffer(sharedBytes);
  const thread = new Worker(program, { eval: true, workerData: shared, execArgv: [], env: {}, stdin: false });
  const online = await new Promise<boolean>((resolve) => {
    thread.once('online', () => resolve(true));
    thread.once('error', () => resolve(false));
  });
  return online ? (now, wake) => new ThreadPacer(shared, thread, now, wake) : timerPacer;
}

class ThreadPacer implements Pacer {
  readonly #words: Int32Array;
  readonly #until: Float64Array;
  readonly #thread: Worker;
  readonly #now: () => Nanos;
  readonly #wake: () => void;
  #due = Infinity as Nanos;
  #wokenAt = -Infinity;
  #soon: NodeJS.Immediate | undefined;
  #instead: Pacer | undefined;
  #stopped = false;
  readonly #net = setInterval(() => this.#catch(), patienceMs);

  constructor(shared: SharedArrayBuffer, thread: Worker, now: () => Nanos, wake: () => void) {
    this.#words = new Int32Array(shared, 0, 3);
    this.#until = new Float64Array(shared, 16, 1);
    this.#thread = thread;
    this.#now = now;
    this.#wake = wake;
    // A thread that ends by itself must not end the load.
    thread.once('exit', () => this.#useTimers());
    this.#listen();
  }

  wakeAt(due: Nanos): void {
    if (this.#instead !== undefined) return this.#instead.wakeAt(due);
    this.#due = due;
    const now = this.#now();
    if (due - now <= near && now - this.#wokenAt <= near) {
      this.#soon ??= setImmediate(() => this.#turned());
      return;
    }
    const wait = Math.max(due - lead - now, shortestSleep);
    this.#until[0] = monotonicMs() + wait / 1e6;
    Atomics.add(this.#words, wishes, 1);
    Atomics.notify(this.#words, wishes);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#net);
    this.#instead?.stop();
    clearImmediate(this.#soon);
    Atomics.store(this.#words, over, 1);
    Atomics.add(this.#words, wishes, 1);
    Atomics.notify(this.#words, wishes);
    // Its end is not waited for: it comes by itself.
    this.#thread.unref();
  }

  /** Listens again before it wakes: no waking falls between two. */
  #listen(): void {
    const { value } = asyncAtomics.waitAsync(this.#words, wakings, Atomics.load(this.#words, wakings));
    void Promise.resolve(value).then(() => {
      if (this.#stopped) return;
      this.#listen();
      this.#wokenAt = this.#now();
      this.#fire();
    });
  }

  #catch(): void {
    if (this.#now() > this.#due + patienceMs * 1e6) this.#fire();
  }

  #turned(): void {
    this.#soon = undefined;
    this.#fire();
  }

  #fire(): void {
    this.#due = Infinity as Nanos;
    this.#wake();
  }

  #useTimers(): void {
    if (this.#stopped) return;
    this.#instead = timerPacer(this.#now, () => this.#fire());
    if (this.#due !== Infinity) this.#instead.wakeAt(this.#due);
  }
}
