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
  return all.map((one) =>
    one.changes.map((change) => {
      const { others, moved } = companions(all, one, change);
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

/** How many other series of the environment were measured on both sides of a change, and how many changed with it. */
function companions(
  all: readonly ChangedSeries[],
  one: ChangedSeries,
  change: ChangePoint,
): { others: number; moved: number } {
  const [from, to] = timesOf(one.series.points, change);
  let [others, moved] = [0, 0];
  for (const other of all) {
    const { key, points } = other.series;
    if (other === one || key.environment !== one.series.key.environment || key.project !== one.series.key.project) {
      continue;
    }
    const [first, last] = [points[0], points.at(-1)];
    const around = first && last && Date.parse(first.at) < from && Date.parse(last.at) >= to;
    if (!around) continue;
    others++;
    const meets = other.changes.some((each) => {
      const [otherFrom, otherTo] = timesOf(points, each);
      return otherFrom <= to && from <= otherTo;
    });
    if (meets) moved++;
  }
  return { others, moved };
}

/** The times of the runs that may be the first of the new level. */
const timesOf = (
  points: readonly HistoryPoint[],
  { places: [first, last] }: ChangePoint,
): readonly [number, number] => [Date.parse(points[first]!.at), Date.parse(points[last]!.at)];

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
