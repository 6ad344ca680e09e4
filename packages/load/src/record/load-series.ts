import { nanos, type HistogramData, type Nanos } from '@perfkeel/core';
import { HistogramDelta } from './histogram-delta.ts';
import { packHistogram, unpackHistogram, type PackedHistogram } from './packed-histogram.ts';
import { addSparse } from './sparse-histogram.ts';
import type { Tally } from './tally.ts';

/** What happened in one stretch of a run, measured or not; by default a second. */
export interface LoadInterval {
  /** Since the start of the run. */
  readonly start: Nanos;
  readonly end: Nanos;
  readonly sent: number;
  readonly completed: number;
  readonly failed: number;
  /** Requests on their way when it ended. */
  readonly inFlight: number;
  /** Of the requests that were over in it. */
  readonly responseTime: HistogramData;
  /** Of the requests that were sent in it. */
  readonly scheduleLag: HistogramData;
  /** Share of it in which the event loop of this process was busy, in [0, 1]. */
  readonly eventLoopUtilisation: number;
}

const mostIntervals = 512;

/** An interval as it is kept. */
type Kept = Omit<LoadInterval, 'responseTime' | 'scheduleLag'> & {
  readonly responseTime: PackedHistogram;
  readonly scheduleLag: PackedHistogram;
};

const pack = (interval: LoadInterval): Kept => ({
  ...interval,
  responseTime: packHistogram(interval.responseTime),
  scheduleLag: packHistogram(interval.scheduleLag),
});

const unpack = (kept: Kept): LoadInterval => ({
  ...kept,
  responseTime: unpackHistogram(kept.responseTime),
  scheduleLag: unpackHistogram(kept.scheduleLag),
});

/**
 * A run in intervals. When there are too many of them, neighbours become one: hours take no more memory than minutes,
 * and their quantiles are as good, since it is histograms that are added and not quantiles. Those that are kept have
 * values within 0.4 %; the one that `sample` returns is exact.
 *
 *     | 1 s | 1 s | 1 s | 1 s | 1 s ...   ->   |    2 s    |    2 s    | 1 s ...
 */
export class LoadSeries {
  #intervals: Kept[] = [];
  readonly #tallies: readonly Tally[];
  readonly #responseTime: HistogramDelta;
  readonly #scheduleLag: HistogramDelta;
  #before = { end: nanos(0), sent: 0, completed: 0, failed: 0 };
  /** How many samples make an interval by now. */
  #samples = 1;
  #open = 0;

  /** @param tallies of everything that is sent, one for each thread that sends */
  constructor(tallies: readonly Tally[]) {
    this.#tallies = tallies;
    this.#responseTime = new HistogramDelta(tallies.map(({ responseTime }) => responseTime));
    this.#scheduleLag = new HistogramDelta(tallies.map(({ scheduleLag }) => scheduleLag));
  }

  get intervals(): readonly LoadInterval[] {
    return this.#intervals.map(unpack);
  }

  /** Ends an interval at `end`. */
  sample(end: Nanos, eventLoopUtilisation: number): LoadInterval {
    const sum = (read: (tally: Tally) => number): number => this.#tallies.reduce((all, tally) => all + read(tally), 0);
    const [sent, completed] = [sum((tally) => tally.read('sent')), sum((tally) => tally.read('completed'))];
    const [failed, dropped] = [
      sum((tally) => tally.failed),
      sum((tally) => tally.read('dropped') - tally.read('unsent')),
    ];
    const interval: LoadInterval = {
      start: this.#before.end,
      end,
      sent: sent - this.#before.sent,
      completed: completed - this.#before.completed,
      failed: failed - this.#before.failed,
      inFlight: sent - completed - failed - dropped,
      responseTime: this.#responseTime.take(),
      scheduleLag: this.#scheduleLag.take(),
      eventLoopUtilisation,
    };
    this.#before = { end, sent, completed, failed };
    this.#append(interval);
    return interval;
  }

  #append(interval: LoadInterval): void {
    const last = this.#intervals.length - 1;
    if (this.#open > 0) this.#intervals[last] = joined(this.#intervals[last]!, pack(interval));
    else this.#intervals.push(pack(interval));
    this.#open = (this.#open + 1) % this.#samples;
    if (this.#intervals.length < mostIntervals || this.#open > 0) return;
    this.#intervals = pairs(this.#intervals);
    this.#samples *= 2;
  }
}

const pairs = (intervals: readonly Kept[]): Kept[] =>
  intervals.flatMap((interval, i) => (i % 2 === 0 ? [joined(interval, intervals[i + 1]!)] : []));

const joinedPacked = (a: PackedHistogram, b: PackedHistogram): PackedHistogram =>
  packHistogram(addSparse(unpackHistogram(a), unpackHistogram(b)));

function joined(a: Kept, b: Kept): Kept {
  const [lengthA, lengthB] = [a.end - a.start, b.end - b.start];
  return {
    start: a.start,
    end: b.end,
    sent: a.sent + b.sent,
    completed: a.completed + b.completed,
    failed: a.failed + b.failed,
    inFlight: b.inFlight,
    responseTime: joinedPacked(a.responseTime, b.responseTime),
    scheduleLag: joinedPacked(a.scheduleLag, b.scheduleLag),
    eventLoopUtilisation:
      (a.eventLoopUtilisation * lengthA + b.eventLoopUtilisation * lengthB) / Math.max(lengthA + lengthB, 1),
  };
}
