import type { ChangePoint } from '@perfkeel/core';
import { writeKey } from '../store/index/series-key.ts';
import type { Anomaly } from './anomalies.ts';
import type { Changes } from './find-changes.ts';
import type { HistorySeries } from './history-series.ts';

/** When a series was measured, and when it changed: times in milliseconds. */
export interface Span {
  /** Of the series. */
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Of each change, the times of the runs that may be the first of the new level. */
  readonly changes: readonly (readonly [from: number, to: number])[];
}

/** What was found in a series alone. */
export interface Findings {
  readonly taken: Changes;
  readonly changes: readonly ChangePoint[];
  readonly anomalies: readonly Anomaly[];
}

export interface FoundSeries extends Findings {
  readonly series: HistorySeries;
}

/**
 * What series did at which runs: whether others moved, too, tells the machine from the code. Small beside the series
 * themselves, so that it can be known of more of them than are held at once.
 */
export interface Company {
  /** By project and environment. */
  readonly spans: ReadonlyMap<string, readonly Span[]>;
  /** By run: how many series it measured, and in how many of them it stands alone. */
  readonly measured: ReadonlyMap<string, number>;
  readonly alone: ReadonlyMap<string, number>;
  /** By series: what need not be found again. */
  readonly found: ReadonlyMap<string, Findings>;
}

/** Series of one place are held against each other. */
export const placeOf = ({ key }: HistorySeries): string => JSON.stringify([key.project, key.environment]);

export function companyOf(all: readonly FoundSeries[]): Company {
  const [measured, alone] = [new Map<string, number>(), new Map<string, number>()];
  for (const { series, anomalies } of all) {
    for (const { run } of series.points) add(measured, run, 1);
    for (const { run } of anomalies) add(alone, run, 1);
  }
  const spans = new Map<string, Span[]>();
  for (const each of all) push(spans, placeOf(each.series), [spanOf(each)]);
  const found = new Map(all.map(({ series, ...findings }) => [writeKey(series.key), findings]));
  return { spans, measured, alone, found };
}

/** What some series and others did. */
export function joinCompanies(all: readonly Company[]): Company {
  const [measured, alone] = [new Map<string, number>(), new Map<string, number>()];
  const spans = new Map<string, Span[]>();
  for (const one of all) {
    for (const [run, count] of one.measured) add(measured, run, count);
    for (const [run, count] of one.alone) add(alone, run, count);
    for (const [place, own] of one.spans) push(spans, place, own);
  }
  const found = new Map(all.flatMap((one) => [...one.found]));
  return { spans, measured, alone, found };
}

const add = (counts: Map<string, number>, run: string, count: number): void =>
  void counts.set(run, (counts.get(run) ?? 0) + count);

function push(spans: Map<string, Span[]>, place: string, more: readonly Span[]): void {
  const known = spans.get(place);
  if (known === undefined) spans.set(place, [...more]);
  else for (const span of more) known.push(span);
}

/** The times of a series, read once: every change is held against every series of its environment. */
export function spanOf({ series: { key, points }, changes }: FoundSeries): Span {
  const timeOf = (place: number): number => Date.parse(points[place]?.at ?? '');
  return {
    name: writeKey(key),
    first: timeOf(0),
    last: timeOf(points.length - 1),
    changes: changes.map(({ places: [first, last] }) => [timeOf(first), timeOf(last)] as const),
  };
}
