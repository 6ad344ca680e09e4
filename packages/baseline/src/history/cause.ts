import { formatQuantity } from '@perfkeel/core';
import type { ChangePoint } from './change-point.ts';
import type { EnvironmentFacts, HistoryPoint, HistorySeries, RunPlace } from './history-series.ts';

/** What a change point may be blamed on. */
export interface Cause {
  /**
   * `code` when nothing speaks for the machine, `machine` when the code is the same or the machine is another and most
   * series of the environment changed with it, `unclear` when one of the two speaks for it.
   */
  readonly kind: 'code' | 'machine' | 'unclear';
  /** What speaks for the machine. */
  readonly because?: string | undefined;
}

/** A series with its change points. */
export interface ChangedSeries {
  readonly series: HistorySeries;
  readonly changes: readonly ChangePoint[];
}

/** A share of the series of an environment, and how many of them at least, that do not change together by chance. */
const [most, fewest] = [0.6, 3] as const;

/** What may differ inside one class of environments. */
const factsOf = ({ host, cpu, os, node, v8, memory }: EnvironmentFacts): readonly string[] => [
  `host ${host}`,
  cpu,
  os,
  `Node ${node}`,
  `V8 ${v8}`,
  `${formatQuantity(Math.round(memory / 1e8) * 1e8, 'B')} of memory`,
];

/** What differs between two environments: `host a became host b`. */
export function environmentDifference(before: EnvironmentFacts, after: EnvironmentFacts): string | undefined {
  const others = factsOf(after);
  const parts = factsOf(before).flatMap((fact, i) => (fact === others[i] ? [] : [`${fact} became ${others[i]}`]));
  return parts.length === 0 ? undefined : parts.join(', ');
}

/**
 * Tells changes of the machine from changes of the code: a machine moves most series of its environment at one run, where
 * its fingerprint changed or the commit did not.
 *
 * @returns for each series, in their order, the cause of each of its changes, in theirs
 */
export function causesOf(all: readonly ChangedSeries[], places: readonly RunPlace[]): Cause[][] {
  const environments = new Map(places.map(({ run, environment }) => [run, environment]));
  const spans = all.map(spanOf);
  const neighbours = byPlace(spans);
  return all.map((one, i) =>
    one.changes.map((change, k) => {
      const { others, moved } = companions(neighbours.get(spans[i]!.place)!, spans[i]!, spans[i]!.changes[k]!);
      const crowd = moved + 1 >= fewest && (moved + 1) / (others + 1) >= most;
      return judgeCause({
        sameCommit: sameCommit(one.series.points, change),
        difference: differenceAt(one.series.points, change, environments),
        crowd: crowd ? `${moved + 1} of ${others + 1} series of this environment changed together` : undefined,
        quiet: others + 1 >= fewest && (moved + 1) / (others + 1) < most,
      });
    }),
  );
}

interface Signs {
  readonly sameCommit: boolean;
  readonly difference: string | undefined;
  readonly crowd: string | undefined;
  /** There are enough other series, and they did not change. */
  readonly quiet: boolean;
}

function judgeCause({ sameCommit, difference, crowd, quiet }: Signs): Cause {
  const reasons = [sameCommit ? 'the commit is the same before and after' : undefined, difference, crowd];
  const because = reasons.filter((reason) => reason !== undefined).join('; ');
  if (sameCommit || (difference !== undefined && crowd !== undefined)) return { kind: 'machine', because };
  if (crowd !== undefined) return { kind: 'unclear', because };
  if (difference !== undefined && !quiet) return { kind: 'unclear', because };
  return { kind: 'code' };
}

/** The times of a series, read once: every change is held against every series of its environment. */
interface Span {
  /** The project and the environment. */
  readonly place: string;
  readonly first: number;
  readonly last: number;
  /** Of each change, the times of the runs that may be the first of the new level. */
  readonly changes: readonly (readonly [from: number, to: number])[];
}

function spanOf({ series: { key, points }, changes }: ChangedSeries): Span {
  const timeOf = (place: number): number => Date.parse(points[place]?.at ?? '');
  return {
    place: JSON.stringify([key.project, key.environment]),
    first: timeOf(0),
    last: timeOf(points.length - 1),
    changes: changes.map(({ places: [first, last] }) => [timeOf(first), timeOf(last)] as const),
  };
}

function byPlace(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.place);
    if (group === undefined) groups.set(span.place, [span]);
    else group.push(span);
  }
  return groups;
}

/** How many other series of the environment were measured on both sides of a change, and how many changed with it. */
function companions(
  neighbours: readonly Span[],
  one: Span,
  [from, to]: Span['changes'][number],
): { others: number; moved: number } {
  const around = neighbours.filter((other) => other !== one && other.first < from && other.last >= to);
  const moved = around.filter(({ changes }) => changes.some(([first, last]) => first <= to && from <= last));
  return { others: around.length, moved: moved.length };
}

/** Whether every run that may be the first of the new level has the commit of the last one of the old. */
function sameCommit(points: readonly HistoryPoint[], { places: [first, last] }: ChangePoint): boolean {
  const around = points.slice(first - 1, last + 1);
  const [{ sha } = { sha: undefined }] = around;
  return sha !== undefined && around.every((point) => point.sha === sha && !point.dirty);
}

/** What changed about the machine between the runs among which the change lies. */
function differenceAt(
  points: readonly HistoryPoint[],
  { places: [first, last] }: ChangePoint,
  environments: ReadonlyMap<string, EnvironmentFacts>,
): string | undefined {
  for (let i = first; i <= last; i++) {
    const [before, after] = [points[i - 1]!, points[i]!].map(({ run }) => environments.get(run));
    const difference = before && after && environmentDifference(before, after);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
