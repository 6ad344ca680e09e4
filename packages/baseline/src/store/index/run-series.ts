import type { Metric } from '@perfkeel/core';
import type { RunRecords } from '../run-records.ts';
import type { RunSummary } from '../run-summary.ts';
import type { RunIndex, Segment } from './run-index.ts';
import { readKey, type StoredSeriesKey } from './series-key.ts';

/** Numbers of one run in a series, in the unit of the series. */
export interface SeriesPoint {
  readonly run: RunSummary;
  /** The median over rounds. */
  readonly value: number;
  /** The smallest round. */
  readonly lo: number;
  /** The largest round. */
  readonly hi: number;
  readonly rounds: number;
}

/** One metric of one benchmark over runs, oldest first. */
export interface StoredSeries {
  readonly key: StoredSeriesKey;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly points: readonly SeriesPoint[];
}

/** Which series: every field that is set must be the same. */
export interface SeriesQuery extends Partial<StoredSeriesKey> {
  /** Only the newest runs, before anything else is chosen. @default all */
  readonly last?: number | undefined;
}

export interface RunSeries {
  /** The series of all stored runs, by benchmark and metric. Reads the index; only runs that it does not know are opened. */
  readSeries(query?: SeriesQuery): Promise<readonly StoredSeries[]>;
}

export function runSeries(runs: RunRecords, index: RunIndex): RunSeries {
  return {
    async readSeries({ last, ...filter } = {}) {
      const keys = new Map<string, StoredSeriesKey | undefined>();
      const wanted = (text: string): boolean => {
        if (!keys.has(text)) keys.set(text, chosen(readKey(text), filter));
        return keys.get(text) !== undefined;
      };
      let [places, segments] = await readNewest(runs, index, last, wanted);
      // A part of the index was damaged, or joined with others meanwhile: listing has made it again.
      if (!holdsAll(places, segments)) [places, segments] = await readNewest(runs, index, last, wanted);
      return collect(segments, places, keys).sort(byName);
    },
  };
}

type Places = ReadonlyMap<string, number>;

/** The places of the newest runs in time, and the segments that hold them. */
async function readNewest(
  runs: RunRecords,
  index: RunIndex,
  last: number | undefined,
  wanted: (key: string) => boolean,
): Promise<[Places, readonly Segment[]]> {
  const newest = (await runs.listRuns()).slice(0, last);
  const places = new Map(newest.map((run, i) => [run.sha, newest.length - 1 - i]));
  return [places, await index.read(new Set(places.keys()), wanted)];
}

function holdsAll(places: Places, segments: readonly Segment[]): boolean {
  const held = new Set(segments.flatMap(({ runs }) => runs.map(({ sha }) => sha)));
  return [...places.keys()].every((sha) => held.has(sha));
}

function chosen(key: StoredSeriesKey, filter: Partial<StoredSeriesKey>): StoredSeriesKey | undefined {
  const fields = Object.entries(filter) as [keyof StoredSeriesKey, string | undefined][];
  return fields.every(([field, value]) => value === undefined || key[field] === value) ? key : undefined;
}

interface Growing extends StoredSeries {
  /** By the place of the run: one run may be in two segments. */
  readonly found: Map<number, SeriesPoint>;
}

function collect(
  segments: readonly Segment[],
  places: ReadonlyMap<string, number>,
  keys: ReadonlyMap<string, StoredSeriesKey | undefined>,
): StoredSeries[] {
  const all = new Map<string, Growing>();
  for (const { runs, series } of segments) {
    for (const { key: text, unit, better, ...columns } of series) {
      let growing = all.get(text);
      if (!growing) all.set(text, (growing = { key: keys.get(text)!, unit, better, points: [], found: new Map() }));
      columns.runs.forEach((at, i) => {
        const run = runs[at];
        const place = run && places.get(run.sha);
        if (run === undefined || place === undefined) return;
        const [value, lo, hi, rounds] = [columns.values[i]!, columns.lo[i]!, columns.hi[i]!, columns.rounds[i]!];
        growing.found.set(place, { run, value, lo, hi, rounds });
      });
    }
  }
  return [...all.values()].flatMap(({ found, ...series }) => {
    const points = [...found].sort(([a], [b]) => a - b).map(([, point]) => point);
    return points.length === 0 ? [] : [{ ...series, points }];
  });
}

function byName(a: StoredSeries, b: StoredSeries): number {
  const [left, right] = [JSON.stringify(Object.values(a.key)), JSON.stringify(Object.values(b.key))];
  return left < right ? -1 : left > right ? 1 : 0;
}
