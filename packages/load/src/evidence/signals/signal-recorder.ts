import { nanos, type Nanos } from '@perfkeel/core';
import { atOnce, type Steps } from '../slices.ts';
import type { MetricChoice } from './choose-metrics.ts';
import type { MatchedSignals, SignalPart, SignalValue } from './match-signals.ts';

/** What counters and histograms gained in some time; `value` of a counter, the others of a histogram. */
export interface Gain {
  readonly value: number;
  readonly sum: number;
  readonly count: number;
  /** How many were at most so long. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** How a gauge stood in some time. */
export interface Level {
  /** Over time. */
  readonly mean: number;
  readonly max: number;
}

/** What signals did from one look to the next. */
export interface SignalInterval {
  readonly start: Nanos;
  readonly end: Nanos;
  readonly gains: ReadonlyMap<string, Gain>;
  readonly levels: ReadonlyMap<string, Level>;
  /** Series that began again at zero in it. */
  readonly resets: number;
}

const mostIntervals = 256;

/**
 * Turns what a program tells of itself, look after look, into what happened in between. The first look is where it
 * begins. A count that is lower than before began again at zero, with its whole series; one that is new began there, too.
 * In long runs neighbours become one.
 */
export class SignalRecorder {
  #lastAt: Nanos | undefined;
  readonly #last = new Map<string, ReadonlyMap<SignalPart, number>>();
  readonly #choices = new Map<string, MetricChoice>();
  #intervals: SignalInterval[] = [];
  #resets = 0;

  get intervals(): readonly SignalInterval[] {
    return this.#intervals;
  }

  /** How many series began again. */
  get resets(): number {
    return this.#resets;
  }

  /** Where several metrics told the same, which one was read last. */
  get choices(): readonly MetricChoice[] {
    return [...this.#choices.values()];
  }

  /** @param at when it was told, later than the time before */
  add(at: Nanos, told: MatchedSignals): void {
    atOnce(this.adding(at, told));
  }

  /** The same in steps. */
  *adding(at: Nanos, { values, choices }: MatchedSignals): Steps<void> {
    for (const choice of choices) this.#choices.set(choice.signal, choice);
    const series = yield* collecting(values);
    const lastAt = this.#lastAt;
    const isNext = lastAt !== undefined && at > lastAt;
    const gains = new Map<string, MutableGain>();
    const resetsBefore = this.#resets;
    for (const [name, { signal, parts }] of series) {
      if (isNext) this.#gain(gains, signal, parts, this.#last.get(name));
      // A series may be missing from one look: what it told before is still where it goes on from.
      this.#last.set(name, parts);
      yield;
    }
    this.#lastAt = at;
    if (!isNext) return;
    const levels = new Map([...levelsOf(values)].map(([signal, level]) => [signal, { mean: level, max: level }]));
    this.#intervals.push({ start: lastAt, end: at, gains, levels, resets: this.#resets - resetsBefore });
    if (this.#intervals.length >= mostIntervals) this.#intervals = pairs(this.#intervals);
  }

  #gain(gains: Map<string, MutableGain>, signal: string, now: Parts, before: Parts | undefined): void {
    const isRestarted = isLower(now, before);
    if (isRestarted) this.#resets += 1;
    const gain = gains.get(signal) ?? { value: 0, sum: 0, count: 0, buckets: new Map<number, number>() };
    gains.set(signal, gain);
    for (const [part, value] of now) {
      const gained = Math.max(0, value - (isRestarted ? 0 : (before?.get(part) ?? 0)));
      if (typeof part === 'number') gain.buckets.set(part, (gain.buckets.get(part) ?? 0) + gained);
      else gain[part] += gained;
    }
  }
}

type Parts = ReadonlyMap<SignalPart, number>;

interface MutableGain {
  value: number;
  sum: number;
  count: number;
  readonly buckets: Map<number, number>;
}

interface Told {
  readonly signal: string;
  readonly parts: Map<SignalPart, number>;
}

/** By the signal as well: one series may tell several. */
function* collecting(values: readonly SignalValue[]): Steps<ReadonlyMap<string, Told>> {
  const all = new Map<string, Told>();
  for (const { kind, signal, series, part, value } of values) {
    if (kind === 'gauge') continue;
    const name = `${signal} ${series}`;
    let told = all.get(name);
    if (told === undefined) all.set(name, (told = { signal, parts: new Map() }));
    told.parts.set(part, value);
    yield;
  }
  return all;
}

/** Times may be negative in a sum; counts never are. */
const isLower = (now: Parts, before: Parts | undefined): boolean =>
  before !== undefined && [...now].some(([part, value]) => part !== 'sum' && value < (before.get(part) ?? 0));

/** Several pools have as many waiting as all of them; of several loops the busiest one counts. */
function levelsOf(values: readonly SignalValue[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { kind, signal, value } of values) {
    if (kind !== 'gauge') continue;
    const others = levels.get(signal);
    const together = signal === 'loop-utilisation' ? Math.max(others ?? 0, value) : (others ?? 0) + value;
    levels.set(signal, together);
  }
  return levels;
}

const pairs = (intervals: readonly SignalInterval[]): SignalInterval[] =>
  intervals.flatMap((interval, i) => (i % 2 === 0 ? [joinIntervals(intervals.slice(i, i + 2)) ?? interval] : []));

/** Several neighbours as one; `undefined` without any. */
export function joinIntervals(intervals: readonly SignalInterval[]): SignalInterval | undefined {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const gains = new Map<string, MutableGain>();
  const levels = new Map<string, { weighted: number; time: number; max: number }>();
  for (const { start, end, gains: gained, levels: stood } of intervals) {
    for (const [signal, gain] of gained) gains.set(signal, addGain(gains.get(signal), gain));
    for (const [signal, { mean, max }] of stood) {
      const level = levels.get(signal) ?? { weighted: 0, time: 0, max: -Infinity };
      const time = end - start;
      levels.set(signal, {
        ...{ weighted: level.weighted + mean * time, time: level.time + time, max: Math.max(level.max, max) },
      });
    }
  }
  return {
    start: first.start,
    end: nanos(last.end),
    gains,
    resets: intervals.reduce((sum, { resets }) => sum + resets, 0),
    levels: new Map([...levels].map(([signal, { weighted, time, max }]) => [signal, { mean: weighted / time, max }])),
  };
}

function addGain(sum: MutableGain | undefined, gain: Gain): MutableGain {
  const buckets = new Map(sum?.buckets);
  for (const [bound, count] of gain.buckets) buckets.set(bound, (buckets.get(bound) ?? 0) + count);
  return {
    value: (sum?.value ?? 0) + gain.value,
    sum: (sum?.sum ?? 0) + gain.sum,
    count: (sum?.count ?? 0) + gain.count,
    buckets,
  };
}
