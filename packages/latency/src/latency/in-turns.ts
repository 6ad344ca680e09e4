import type { Clock } from '@perfkeel/core';
import type { Tally } from './tally.ts';

/** Calls that are made in turns. */
export interface Turns<Call> {
  readonly count: number;
  /** At most so many are under way. */
  readonly width: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Makes the argument of the next call, before the clock is read. */
  readonly makeCall: () => Call;
  readonly run: (call: Call) => unknown;
}

/** Makes the calls and times each. A call that fails is data. Allocates nothing for a call but its argument. */
export async function inTurns<Call>(turns: Turns<Call>, tally: Tally): Promise<void> {
  const { count, width, signal, clock, makeCall, run } = turns;
  let started = 0;
  const worker = async (): Promise<void> => {
    while (started < count && !signal.aborted) {
      started++;
      const call = makeCall();
      const start = clock.now();
      let end: number;
      try {
        await run(call);
        end = clock.now();
      } catch (error) {
        tally.failed(error, clock.now());
        continue;
      }
      tally.succeeded(start, end);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
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
