import { nanos, type Nanos } from '@perfkeel/core';
import type { SignalPart, SignalValue } from './match-signals.ts';

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
}

const mostIntervals = 256;

/**
 * Turns what a program tells of itself, look after look, into what happened in between. The first look is where it
 * begins. A count that is lower than before began again at zero, with its whole series; one that is new began there, too.
 * In long runs neighbours become one.
 */
export class SignalRecorder {
  #last: { readonly at: Nanos; readonly series: ReadonlyMap<string, ReadonlyMap<SignalPart, number>> } | undefined;
  #intervals: SignalInterval[] = [];
  #resets = 0;

  get intervals(): readonly SignalInterval[] {
    return this.#intervals;
  }

  /** How many series began again. */
  get resets(): number {
    return this.#resets;
  }

  /** @param at when it was told, later than the time before */
  add(at: Nanos, values: readonly SignalValue[]): void {
    const series = seriesOf(values);
    const last = this.#last;
    // A series may be missing from one look: what it told before is still where it goes on from.
    this.#last = { at, series: new Map([...(last?.series ?? []), ...series]) };
    if (last === undefined || at <= last.at) return;
    const levels = new Map([...levelsOf(values)].map(([signal, level]) => [signal, { mean: level, max: level }]));
    this.#intervals.push({ start: last.at, end: at, gains: this.#gains(values, series, last.series), levels });
    if (this.#intervals.length >= mostIntervals) this.#intervals = pairs(this.#intervals);
  }

  #gains(
    values: readonly SignalValue[],
    series: ReadonlyMap<string, ReadonlyMap<SignalPart, number>>,
    before: ReadonlyMap<string, ReadonlyMap<SignalPart, number>>,
  ): ReadonlyMap<string, Gain> {
    const restarted = new Set([...series].flatMap(([name, now]) => (isLower(now, before.get(name)) ? [name] : [])));
    this.#resets += restarted.size;
    const gains = new Map<string, MutableGain>();
    for (const { kind, signal, series: name, part, value } of values) {
      if (kind === 'gauge') continue;
      const from = restarted.has(name) ? 0 : (before.get(name)?.get(part) ?? 0);
      const gain = gains.get(signal) ?? { value: 0, sum: 0, count: 0, buckets: new Map<number, number>() };
      gains.set(signal, gain);
      if (typeof part === 'number') gain.buckets.set(part, (gain.buckets.get(part) ?? 0) + Math.max(0, value - from));
      else gain[part] += Math.max(0, value - from);
    }
    return gains;
  }
}

interface MutableGain {
  value: number;
  sum: number;
  count: number;
  readonly buckets: Map<number, number>;
}

function seriesOf(values: readonly SignalValue[]): Map<string, Map<SignalPart, number>> {
  const series = new Map<string, Map<SignalPart, number>>();
  for (const { kind, series: name, part, value } of values) {
    if (kind === 'gauge') continue;
    const parts = series.get(name) ?? new Map<SignalPart, number>();
    series.set(name, parts.set(part, value));
  }
  return series;
}

/** Times may be negative in a sum; counts never are. */
const isLower = (now: ReadonlyMap<SignalPart, number>, before: ReadonlyMap<SignalPart, number> | undefined): boolean =>
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
