import type { Clock } from '@perfkeel/core';

/** Hears of each call, with the lane that it ran in: of two calls in one lane the first has ended. */
export interface CallRecorder {
  /** Right after the clock has been read. */
  began(lane: number, start: number): void;
  succeeded(lane: number, start: number, end: number): void;
  failed(lane: number, error: unknown, end: number): void;
}

/** Calls that are made in turns. */
export interface Turns<Call> {
  readonly count: number;
  /** At most so many are under way. */
  readonly width: number;
  /** Whether no further call is to begin. */
  readonly stopped: () => boolean;
  readonly clock: Clock;
  /** Makes the argument of the next call, before the clock is read. */
  readonly makeCall: (lane: number) => Call;
  readonly run: (call: Call) => unknown;
}

/** Makes the calls and times each. A call that fails is data. Allocates nothing for a call but its argument. */
export async function inTurns<Call>(turns: Turns<Call>, recorder: CallRecorder): Promise<void> {
  const { count, width, stopped, clock, makeCall, run } = turns;
  const pauseAt = pauses(clock);
  let started = 0;
  const callsOfLane = async (lane: number): Promise<void> => {
    while (started < count && !stopped()) {
      started++;
      const call = makeCall(lane);
      let end: number;
      const start = clock.now();
      recorder.began(lane, start);
      try {
        const result = run(call);
        // Waiting for a value that is no promise costs a turn of the microtask queue, inside the clock.
        if (isPromise(result)) await result;
        end = clock.now();
      } catch (error) {
        end = clock.now();
        recorder.failed(lane, error, end);
        await pauseAt(end);
        continue;
      }
      recorder.succeeded(lane, start, end);
      await pauseAt(end);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, (_, lane) => callsOfLane(lane)));
}

const isPromise = (value: unknown): boolean =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';

/** Calls that never wait would keep everything else out, the signal to stop included. */
const mostWithoutPause = 50e6;

/** Between calls, every 50 ms: a turn of the event loop, whatever the calls do. */
function pauses(clock: Clock): (now: number) => Promise<void> | undefined {
  let last: number = clock.now();
  let pause: Promise<void> | undefined;
  return (now) => {
    if (pause !== undefined || now - last < mostWithoutPause) return pause;
    pause = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      last = clock.now();
      pause = undefined;
    });
    return pause;
  };
}

/** A call that never settles must not hold up the end: when the signal aborts, nobody waits for it any longer. */
export async function untilAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
}
