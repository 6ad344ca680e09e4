import type { LongCollection } from '@perfkeel/core';
import { watchingCollections } from '../bench/collections.ts';
import { calibrateClock } from '../clock-calibration.ts';
import type { FullContext } from '../measure-context.ts';
import { ComponentMarks } from './component-marks.ts';
import { takeApart } from './component-shares.ts';
import { leastSamples } from './default-samples.ts';
import { inTurns, untilAborted, type CallRecorder } from './in-turns.ts';
import type { LatencyCall } from './latency-call.ts';
import type { LatencyResult } from './latency-result.ts';
import type { LatencySubject } from './latency-subject.ts';
import { coarseClock, doubtfulMarks } from './latency-warnings.ts';
import type { LatencyWork } from './latency-work.ts';
import { Tally } from './tally.ts';

/** Timed calls of a rehearsal. */
const shortSamples = 20;

/** What all calls are given. */
export type SharedByCalls<State> = Pick<LatencyCall<State>, 'setup' | 'parameters'>;

type Size = Pick<LatencySubject<unknown, string>, 'samples' | 'warmup' | 'concurrency'>;

/**
 * Makes the calls of the warm-up, and then those that count.
 *
 * @throws PerfError `unknown-component`, and the first error as it is when every call failed
 */
export async function timeCalls<State>(
  size: Size,
  work: LatencyWork<State>,
  shared: SharedByCalls<State>,
  surroundings: FullContext,
): Promise<LatencyResult> {
  const { short, target, signal, clock, collectGarbage, progress, counting } = surroundings;
  const { concurrency: width = 1 } = size;
  let index = 0;
  const makeCalls = async (count: number, marks: ComponentMarks, tally: Tally): Promise<void> => {
    const makeCall = (lane: number): LatencyCall<State, string> => {
      return { ...shared, target, signal, index: index++, mark: marks.markFor(lane) };
    };
    const stopped = (): boolean => signal.aborted || marks.misuse !== undefined;
    const turns = { count, width, stopped, clock, makeCall, run: work.run };
    await untilAborted(signal, inTurns(turns, names.length === 0 ? ofWholes(tally) : ofParts(tally, marks)));
    if (marks.misuse !== undefined) throw marks.misuse;
  };
  const { components: names, last } = work;
  const marksOf = (calls: number): ComponentMarks =>
    new ComponentMarks({ names, last, width: Math.min(width, calls), calls: names.length === 0 ? 0 : calls, clock });

  const samples = samplesOf(size, short);
  const warmup = warmupOf(size, samples, short);
  await makeCalls(warmup, marksOf(warmup), new Tally(clock));
  const marks = marksOf(samples);
  collectGarbage();
  const { result: tally, long } = await watchingCollections(async () => {
    const timed = new Tally(clock, (calls) => progress(`${calls} of ${samples} calls`));
    counting('begins');
    await makeCalls(samples, marks, timed);
    counting('ends');
    return timed;
  });
  return summarise(tally, long, marks, work, surroundings);
}

function samplesOf({ samples, concurrency = 1 }: Size, short: boolean): number {
  if (short) return Math.min(samples ?? shortSamples, shortSamples);
  return samples ?? leastSamples(concurrency);
}

function warmupOf({ warmup, concurrency = 1 }: Size, samples: number, short: boolean): number {
  const wanted = warmup ?? Math.max(concurrency, Math.ceil(samples / 10));
  return short ? Math.min(wanted, concurrency) : wanted;
}

const ofWholes = (tally: Tally): CallRecorder => ({
  began: () => undefined,
  succeeded: (_lane, start, end) => tally.succeeded(start, end),
  failed: (_lane, error, end) => tally.failed(error, end),
});

const ofParts = (tally: Tally, marks: ComponentMarks): CallRecorder => ({
  began: (lane, start) => marks.began(lane, start),
  succeeded: (lane, start, end) => {
    tally.succeeded(start, end);
    marks.succeeded(lane, start, end);
  },
  failed: (lane, error, end) => {
    tally.failed(error, end);
    marks.failed(lane);
  },
});

function summarise(
  tally: Tally,
  collections: readonly LongCollection[],
  marks: ComponentMarks,
  { last, awaited }: Pick<LatencyWork<unknown>, 'last' | 'awaited'>,
  { clock }: FullContext,
): LatencyResult {
  const counts = tally.result();
  const times = marks.result();
  const calibration = calibrateClock(clock);
  return {
    ...counts,
    collections,
    components: takeApart(times, last),
    clock: calibration,
    warnings: [
      ...counts.warnings,
      ...coarseClock(counts.responseTime, calibration),
      ...doubtfulMarks(times, awaited, marks.late),
    ],
  };
}
