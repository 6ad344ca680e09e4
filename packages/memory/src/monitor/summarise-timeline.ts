import { nanos, quantile, sorted, type Nanos } from '@perfkeel/core';
import { growthPerPhase, type PhaseGrowth, type PhaseStep } from '../phases/phase-growth.ts';
import type { HeapReading } from '../heap-reader.ts';
import { heapReadingOf } from '../heap-reading-of.ts';
import type { SizeChannel } from '../target/memory-target.ts';
import type { MonitorCollection, MonitorEvent, MonitorSample } from './monitor-event.ts';

/** What collections took from the program. */
export interface CollectionSummary {
  readonly count: number;
  readonly forced: number;
  readonly total: Nanos;
  readonly longest: Nanos;
  /** `NaN` without any collection. */
  readonly p50: Nanos;
  readonly p99: Nanos;
  /** Of the time that was watched, in [0, 1]. */
  readonly share: number;
}

/** The highest of each channel that was told, in bytes. */
export type Peaks = { readonly [Channel in SizeChannel]?: number };

/** From one mark to the next. Without a collection, a change is what was allocated and not yet collected as well. */
export interface PhaseSummary {
  readonly name: string;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly samples: number;
  readonly peak: Peaks;
  /** Last sample minus first, in bytes; of a phase with fewer than two samples nothing. */
  readonly change: Peaks;
  readonly collections: CollectionSummary;
}

export interface MonitorSummary {
  readonly duration: Nanos;
  readonly samples: number;
  /** Samples to which the program inside did not answer in time. */
  readonly unanswered: number;
  readonly peak: Peaks;
  readonly collections: CollectionSummary;
  /** One for each mark, in their order. */
  readonly phases: readonly PhaseSummary[];
  /** What the phases of each name keep, of those that began with `phase`. */
  readonly growth: readonly PhaseGrowth[];
}

const sizes: readonly SizeChannel[] = [
  'heapData',
  'heapOld',
  'heapUsed',
  'heapLimit',
  'external',
  'arrayBuffers',
  'rss',
  'pss',
  'privateDirty',
];

/** Pure: also of events that were stored. @param duration from the begin to the end of the monitor */
export function summariseTimeline(events: readonly MonitorEvent[], duration: Nanos): MonitorSummary {
  const samples = events.filter((event) => event.type === 'sample');
  const collections = events.filter((event) => event.type === 'collection');
  const marks = events.filter((event) => event.type === 'mark').sort((a, b) => a.at - b.at);
  return {
    duration,
    samples: samples.length,
    unanswered: samples.filter(({ answered }) => !answered).length,
    peak: peaksOf(samples),
    collections: summariseCollections(collections, duration),
    growth: growthPerPhase(stepsOf(events)),
    phases: marks.map(({ name, at }, i) => {
      const to = marks[i + 1]?.at ?? nanos(Math.max(duration, at));
      const inside = (event: MonitorEvent): boolean => event.at >= at && (event.at < to || i === marks.length - 1);
      const own = samples.filter(inside);
      return {
        name,
        from: at,
        to,
        samples: own.length,
        peak: peaksOf(own),
        change: changeOf(
          samples.filter((sample) => sample.at < at),
          own,
        ),
        collections: summariseCollections(collections.filter(inside), nanos(to - at)),
      };
    }),
  };
}

/** From one forced collection to the next, named by the mark between them. */
function stepsOf(events: readonly MonitorEvent[]): PhaseStep[] {
  const steps: PhaseStep[] = [];
  let before: HeapReading | undefined;
  let phase: Omit<PhaseStep, 'before' | 'after'> | undefined;
  for (const event of events) {
    if (event.type === 'mark') {
      phase = event.occurrences === undefined ? phase : { name: event.name, occurrences: event.occurrences };
    } else if (event.type === 'sample' && event.collected) {
      const after = heapReadingOf(event);
      if (before !== undefined && phase !== undefined) steps.push({ ...phase, before, after });
      [before, phase] = [after, undefined];
    }
  }
  return steps;
}

function peaksOf(samples: readonly MonitorSample[]): Peaks {
  const peaks: { [Channel in SizeChannel]?: number } = {};
  for (const sample of samples) {
    for (const channel of sizes) {
      const value = sample[channel];
      if (value !== undefined && value > (peaks[channel] ?? -Infinity)) peaks[channel] = value;
    }
  }
  return peaks;
}

/** From the last sample before a phase, which what it does first has not reached yet, to its own last. */
function changeOf(before: readonly MonitorSample[], own: readonly MonitorSample[]): Peaks {
  return Object.fromEntries(
    sizes.flatMap((channel) => {
      const told = own.flatMap((sample) => sample[channel] ?? []);
      const start = before.findLast((sample) => sample[channel] !== undefined)?.[channel];
      const all = start === undefined ? told : [start, ...told];
      return told.length === 0 || all.length < 2 ? [] : [[channel, all.at(-1)! - all[0]!]];
    }),
  );
}

function summariseCollections(collections: readonly MonitorCollection[], duration: Nanos): CollectionSummary {
  const pauses = sorted(collections.map(({ pause }) => pause));
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  return {
    count: pauses.length,
    forced: collections.filter(({ forced }) => forced).length,
    total: nanos(total),
    longest: nanos(pauses.at(-1) ?? 0),
    p50: nanos(quantile(pauses, 0.5)),
    p99: nanos(quantile(pauses, 0.99)),
    share: duration > 0 ? total / duration : 0,
  };
}
