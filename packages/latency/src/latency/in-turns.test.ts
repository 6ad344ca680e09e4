import { nanos, type Clock } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { monotonicClock } from '../clock.ts';
import { inTurns, untilAborted, type CallRecorder, type Turns } from './in-turns.ts';

/** What a recorder heard, as one word a call: lane, outcome, duration. */
function listener(): CallRecorder & { readonly heard: string[] } {
  const heard: string[] = [];
  const since: number[] = [];
  return {
    heard,
    began: (lane, start) => void (since[lane] = start),
    succeeded: (lane, start, end) => heard.push(`${lane} in ${end - start} since ${start - since[lane]!}`),
    failed: (lane, error, end) => heard.push(`${lane} ${String(error)} in ${end - since[lane]!}`),
  };
}

const turns = <Call>(parts: Pick<Turns<Call>, 'run' | 'makeCall'> & Partial<Turns<Call>>): Turns<Call> => ({
  count: 3,
  width: 1,
  stopped: () => false,
  clock: monotonicClock,
  ...parts,
});

test('the argument of a call is made before the clock is read', async () => {
  let time = 0;
  const clock: Clock = { now: () => nanos(time) };
  const recorder = listener();
  const makeCall = (): void => void (time += 1000);
  await inTurns(turns({ clock, makeCall, run: () => void (time += 10) }), recorder);
  expect(recorder.heard).toEqual(['0 in 10 since 0', '0 in 10 since 0', '0 in 10 since 0']);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
  [
    'is a promise that throws when it is asked',
    () => ({
      get then(): never {
        throw new Error('no');
      },
    }),
  ],
])('a call that %s has failed, and the next one begins', async (_what, run) => {
  const recorder = listener();
  await inTurns(turns({ clock: { now: () => nanos(0) }, makeCall: () => undefined, run }), recorder);
  expect(recorder.heard).toEqual(['0 Error: no in 0', '0 Error: no in 0', '0 Error: no in 0']);
});

test('anything with a then is waited for', async () => {
  let time = 0;
  const clock: Clock = { now: () => nanos(time) };
  const later = {
    then: (resolve: () => void) =>
      setImmediate(() => {
        time += 7;
        resolve();
      }),
  };
  const recorder = listener();
  await inTurns(turns({ clock, makeCall: () => undefined, run: () => later, count: 1 }), recorder);
  expect(recorder.heard).toEqual(['0 in 7 since 0']);
});

test('each lane has one call at a time, and there are no more lanes than calls', async () => {
  const busy = new Set<number>();
  let [most, overlaps] = [0, 0];
  const run = async (lane: number): Promise<void> => {
    if (busy.has(lane)) overlaps++;
    busy.add(lane);
    most = Math.max(most, busy.size);
    await new Promise((resolve) => setTimeout(resolve, (lane * 7) % 3));
    busy.delete(lane);
  };
  await inTurns(turns({ makeCall: (lane) => lane, run, count: 60, width: 8 }), listener());
  expect({ most, overlaps }).toEqual({ most: 8, overlaps: 0 });
  await inTurns(turns({ makeCall: (lane) => lane, run, count: 3, width: 8 }), listener());
  expect(busy.size).toBe(0);
});

test.each([
  ['return nothing', () => undefined],
  ['are promises that have settled', () => Promise.resolve()],
])('calls that %s leave room for everything else: a timer stops them', async (_what, wait) => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error('enough')), 20);
  const until = performance.now() + 10_000;
  let calls = 0;
  const run = (): unknown => {
    calls++;
    const end = performance.now() + 1;
    while (performance.now() < end);
    return performance.now() > until ? Promise.reject(new Error('nobody stopped it')) : wait();
  };
  const stopped = (): boolean => abort.signal.aborted;
  const working = inTurns(turns({ makeCall: () => undefined, run, stopped, count: 20_000, width: 3 }), listener());
  await expect(untilAborted(abort.signal, working)).rejects.toThrow('enough');
  clearTimeout(timer);
  expect(calls).toBeLessThan(9000);
});
