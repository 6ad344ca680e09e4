import type { Nanos } from '@perfkeel/core';
import { timerDelay } from './delay.ts';
import type { Answer, Driver, DriverFactory, DriverSink } from './driver.ts';
import type { Failure } from './failure.ts';
import { InFlight } from './in-flight.ts';
import { mustStop, stopwatch, type LoadRun, type LoopEnd } from './load-run.ts';
import type { OpenPlan } from './load-plan.ts';
import { isExpected, type PreparedRequest } from './prepared-request.ts';
import { SpinMeter } from './spin-meter.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/**
 * The open model: every arrival is sent at its own time, or as soon after it as the process wakes up. Nothing waits
 * for an answer, nothing is left out. Ends when the last request has its outcome.
 */
export function runOpenLoop(run: LoadRun, pace: OpenPlan, createDriver: DriverFactory): Promise<LoopEnd> {
  return new OpenLoop(run, pace, createDriver).run();
}

class OpenLoop implements DriverSink {
  readonly #run: LoadRun;
  readonly #timeline: Timeline;
  readonly #driver: Driver;
  readonly #inFlight = new InFlight();
  readonly #spin: SpinMeter;
  #end: (end: LoopEnd) => void = () => {};
  #now: () => Nanos = () => 0 as Nanos;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #finished = false;

  constructor(run: LoadRun, pace: OpenPlan, createDriver: DriverFactory) {
    const { url, plan, seed } = run;
    this.#run = run;
    this.#timeline = createTimeline({ ...pace, warmup: plan.warmup, duration: plan.duration, seed });
    this.#spin = new SpinMeter(this.#timeline.window);
    this.#driver = createDriver({ url, now: () => this.#now(), timeout: plan.timeout, sink: this });
  }

  run(): Promise<LoopEnd> {
    const stop = (): void => this.#finish();
    this.#run.signal?.addEventListener('abort', stop, { once: true });
    const ended = new Promise<LoopEnd>((resolve) => (this.#end = resolve));
    this.#now = stopwatch(this.#run.clock);
    this.#wake();
    return ended.finally(() => this.#run.signal?.removeEventListener('abort', stop));
  }

  answered(slot: number, { status }: Answer): void {
    if (this.#finished) return;
    const { intendedAt, sentAt, arrival } = this.#inFlight;
    const good = isExpected(this.#requestOf(arrival[slot]!), status);
    this.#run.recorder.answered(intendedAt[slot]!, sentAt[slot]!, this.#now(), status, good);
    this.#settled(slot);
  }

  failed(slot: number, failure: Failure): void {
    if (this.#finished) return;
    const { intendedAt, sentAt } = this.#inFlight;
    this.#run.recorder.failedWith(intendedAt[slot]!, sentAt[slot]!, failure);
    this.#settled(slot);
  }

  roomAgain(): void {
    this.#wakeSoon();
  }

  #settled(slot: number): void {
    this.#spin.worked();
    this.#inFlight.release(slot);
    if (this.#isDone() || mustStop(this.#run)) this.#finish();
    else this.#wakeSoon();
  }

  /**
   * Whatever else woke the process up, arrivals that are due must not wait for the timer; but for the end of this turn
   * of the event loop, when the connections that have just been used are idle again.
   */
  #wakeSoon(): void {
    if (this.#finished || this.#next >= this.#timeline.count) return;
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      this.#spin.turned(this.#now());
      this.#wake();
    });
  }

  /** Sends what is due, then sleeps until the next arrival. A late waking moves no later arrival. */
  #wake(): void {
    if (mustStop(this.#run)) this.#finish();
    this.#issueDue();
    if (this.#isDone()) this.#finish();
    if (this.#finished || this.#next >= this.#timeline.count) return;
    const wait = (this.#timeline.intendedAt(this.#next) - this.#now()) as Nanos;
    clearTimeout(this.#timer);
    if (wait > 0) this.#waitFor(wait);
    else if (this.#driver.hasRoom()) this.#wakeSoon();
  }

  /** A timer for the long part, turns of the event loop for the last millisecond. */
  #waitFor(wait: Nanos): void {
    const delay = timerDelay(wait);
    if (delay !== undefined) {
      this.#timer = setTimeout(() => this.#wake(), delay);
      return;
    }
    this.#spin.begin(this.#now());
    this.#wakeSoon();
  }

  /**
   * Sends what was due when it was called. What falls due meanwhile waits for the next turn of the event loop: a
   * generator that is too slow for its rate would otherwise never read an answer again.
   */
  #issueDue(): void {
    if (this.#finished) return;
    const due = this.#now();
    while (this.#next < this.#timeline.count && this.#driver.hasRoom()) {
      const intendedAt = this.#timeline.intendedAt(this.#next);
      if (intendedAt > due) return;
      this.#issue(this.#next++, intendedAt);
    }
  }

  #issue(arrival: number, intendedAt: Nanos): void {
    const sentAt = this.#now();
    const slot = this.#inFlight.take(arrival, intendedAt, sentAt);
    this.#run.recorder.sent(intendedAt, sentAt);
    this.#driver.send(this.#requestOf(arrival), slot);
  }

  #requestOf(arrival: number): PreparedRequest {
    const { requests } = this.#run.plan;
    return requests[arrival % requests.length]!;
  }

  #isDone(): boolean {
    return this.#next >= this.#timeline.count && this.#inFlight.size === 0;
  }

  /** Whatever has no outcome by now, sent or not, is dropped and counted. */
  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    const { recorder } = this.#run;
    const interrupted = !this.#isDone();
    for (const intendedAt of this.#inFlight.pending()) recorder.droppedAt(intendedAt);
    for (; this.#next < this.#timeline.count; this.#next++) recorder.droppedAt(this.#timeline.intendedAt(this.#next));
    this.#driver.close();
    const spinning = this.#spin.shareUntil(this.#now());
    this.#end({ scheduled: this.#timeline.steadyCount, interrupted, spinning });
  }
}
