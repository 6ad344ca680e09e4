import type { Metric } from '@perfkeel/core';
import type { RunRecords } from '../run-records.ts';
import type { RunSummary } from '../run-summary.ts';
import type { RunIndex, Segment } from './run-index.ts';
import { followRenames, type CurrentName, type Rename } from '../renames.ts';
import { readKey, writeKey, type SeriesKey } from './series-key.ts';

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
  /** Why the machine may have made it worse than the code is. */
  readonly disturbed?: string | undefined;
}

/** One metric of one benchmark over runs, oldest first. */
export interface StoredSeries {
  readonly key: SeriesKey;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly points: readonly SeriesPoint[];
}

/** Which series: every field that is set must be the same. */
export interface SeriesQuery extends Partial<SeriesKey> {
  /** This many of the newest runs of what `project`, `environment` and `branch` choose. @default all */
  readonly last?: number | undefined;
  /** Only runs of this branch. @default all */
  readonly branch?: string | undefined;
  /** Ids of runs that are wanted beside the newest. */
  readonly also?: ReadonlySet<string> | undefined;
  /** Only benchmarks whose present names it accepts: whoever cannot hold all series reads some after the others. */
  readonly among?: ((benchmark: string) => boolean) | undefined;
}

export interface RunSeries {
  /**
   * The series of all stored runs, by benchmark and metric. Numbers of a benchmark that was renamed are under its present
   * name. Reads the index; only runs that it does not know are opened.
   */
  readSeries(query?: SeriesQuery): Promise<readonly StoredSeries[]>;
  /** The names of all benchmarks that stored runs of a project measured, as those runs call them; in order. */
  listBenchmarks(project: string): Promise<readonly string[]>;
}

export function runSeries(runs: RunRecords, index: RunIndex, listRenames: ListRenames): RunSeries {
  async function read(query: SeriesQuery): Promise<StoredSeries[]> {
    const filter = keyFilter(query);
    const { among = () => true } = query;
    const listed = await runs.listRuns();
    const renames = await listRenames(listed);
    const current = followRenames(renames);
    const keys = new Map<string, SeriesKey | undefined>();
    const wanted = (text: string): boolean => {
      if (!keys.has(text)) keys.set(text, chosen(readKey(text), filter, current, among));
      return keys.get(text) !== undefined;
    };
    const [places, segments] = await readChosen(listed, query, wanted);
    const { benchmark } = filter;
    const all = renamedSeries(collect(segments, places, keys), renames.length === 0 ? undefined : current);
    const isWanted = (name: string): boolean => (benchmark === undefined || name === benchmark) && among(name);
    return all.filter(({ key }) => isWanted(key.benchmark)).sort(byName);
  }

  async function readChosen(
    listed: readonly RunSummary[],
    query: SeriesQuery,
    wanted: (key: string) => boolean,
  ): Promise<[Places, readonly Segment[]]> {
    let places = placesOf(newestRuns(listed, query));
    let segments = await index.read(new Set(places.keys()), wanted);
    // A part of the index was damaged, or joined with others meanwhile: listing makes it again.
    for (let again = 0; again < mostAgain && !holdsAll(places, segments); again++) {
      places = placesOf(newestRuns(await runs.listRuns(), query));
      segments = await index.read(new Set(places.keys()), wanted);
    }
    return [places, segments];
  }

  return {
    readSeries: async (query = {}) => await read(query),
    async listBenchmarks(project) {
      const names = new Set<string>();
      // Keys are enough, and are read without the numbers.
      await readChosen(await runs.listRuns(), { project }, (text) => {
        const key = readKey(text);
        if (key.project === project) names.add(key.benchmark);
        return false;
      });
      return [...names].sort();
    },
  };
}

type ListRenames = (runs: readonly RunSummary[]) => Promise<readonly Rename[]>;

/** Others may join parts of an index again and again; what is missing then is missing for another reason. */
const mostAgain = 5;

/** A time at which every rename holds. */
const always = '0000-01-01T00:00:00.000Z';

type Places = ReadonlyMap<string, number>;

/** The places of runs in time, by hash. @param newest newest first */
const placesOf = (newest: readonly RunSummary[]): Places =>
  new Map(newest.map((run, i) => [run.sha, newest.length - 1 - i]));

/** The runs that a query chooses, whatever series they hold. @param all newest first */
export function newestRuns(all: readonly RunSummary[], query: SeriesQuery): readonly RunSummary[] {
  const { last = Infinity, also, branch, project, environment } = query;
  const wanted = Object.entries({ branch, project, environment }).filter(([, value]) => value !== undefined);
  const chosen = all.filter((run) => wanted.every(([field, value]) => run[field as keyof RunSummary] === value));
  return chosen.filter(({ id }, i) => i < last || also?.has(id));
}

/** What of a query speaks of keys. */
const keyFilter = ({ last: _, branch: __, also: ___, among: ____, ...filter }: SeriesQuery): Partial<SeriesKey> =>
  filter;

function holdsAll(places: Places, segments: readonly Segment[]): boolean {
  const held = new Set(segments.flatMap(({ runs }) => runs.map(({ sha }) => sha)));
  return [...places.keys()].every((sha) => held.has(sha));
}

function chosen(
  key: SeriesKey,
  filter: Partial<SeriesKey>,
  current: CurrentName,
  among: (benchmark: string) => boolean,
): SeriesKey | undefined {
  const { benchmark, ...others } = filter;
  const names = [key.benchmark, current(key.project, key.benchmark, always)];
  if ((benchmark !== undefined && !names.includes(benchmark)) || !names.some(among)) return undefined;
  const fields = Object.entries(others) as [keyof SeriesKey, string | undefined][];
  return fields.every(([field, value]) => value === undefined || key[field] === value) ? key : undefined;
}

interface Growing extends StoredSeries {
  /** By the place of the run: one run may be in two segments. */
  readonly found: Map<number, SeriesPoint>;
}

/** In order of time, under their present names. @param current absent where nothing was renamed */
function renamedSeries(all: readonly Growing[], current: CurrentName | undefined): StoredSeries[] {
  const byKey = new Map(all.map((series) => [writeKey(series.key), series]));
  if (current !== undefined) for (const series of all) moveRenamed(series, byKey, current);
  return [...byKey.values()].flatMap(({ found, ...series }) => {
    const points = [...found].sort(([a], [b]) => a - b).map(([, point]) => point);
    return points.length === 0 ? [] : [{ ...series, points }];
  });
}

/** Moves points to the present names of their benchmarks, except where a run measured both names. */
function moveRenamed(series: Growing, byKey: Map<string, Growing>, current: CurrentName): void {
  const { project, benchmark } = series.key;
  for (const [place, point] of series.found) {
    const now = current(project, benchmark, point.run.startedAt);
    if (now === benchmark) continue;
    const key = { ...series.key, benchmark: now };
    const text = writeKey(key);
    const target: Growing = byKey.get(text) ?? { ...series, key, found: new Map() };
    if (target.found.has(place)) continue;
    byKey.set(text, target);
    target.found.set(place, point);
    series.found.delete(place);
  }
}

function collect(
  segments: readonly Segment[],
  places: ReadonlyMap<string, number>,
  keys: ReadonlyMap<string, SeriesKey | undefined>,
): Growing[] {
  const all = new Map<string, Growing>();
  for (const { runs, series } of segments) {
    for (const { key: text, unit, better, ...columns } of series) {
      let growing = all.get(text);
      if (!growing) all.set(text, (growing = { key: keys.get(text)!, unit, better, points: [], found: new Map() }));
      const disturbed = new Map(columns.disturbed);
      columns.runs.forEach((at, i) => {
        const run = runs[at];
        const place = run && places.get(run.sha);
        if (run === undefined || place === undefined) return;
        const [value, lo, hi, rounds] = [columns.values[i]!, columns.lo[i]!, columns.hi[i]!, columns.rounds[i]!];
        const point = { run, value, lo, hi, rounds };
        growing.found.set(place, disturbed.has(i) ? { ...point, disturbed: disturbed.get(i) } : point);
      });
    }
  }
  return [...all.values()];
}

function byName(a: StoredSeries, b: StoredSeries): number {
  const [left, right] = [JSON.stringify(Object.values(a.key)), JSON.stringify(Object.values(b.key))];
  return left < right ? -1 : left > right ? 1 : 0;
}
