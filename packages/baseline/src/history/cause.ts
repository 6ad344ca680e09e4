import { formatQuantity, type Cause, type ChangePoint, type HistoryPoint } from '@perfkeel/core';
import { placeOf, spanOf, type Company, type FoundSeries, type Span } from './company.ts';
import type { EnvironmentFacts, RunPlace } from './history-series.ts';

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
 * @param spans of all series of the same environments, those of `all` among them
 * @returns for each series, in their order, the cause of each of its changes, in theirs
 */
export function causesOf(all: readonly FoundSeries[], places: readonly RunPlace[], spans: Company['spans']): Cause[][] {
  const environments = new Map(places.map(({ run, environment }) => [run, environment]));
  return all.map((one) => {
    const span = spanOf(one);
    const neighbours = spans.get(placeOf(one.series)) ?? [];
    return one.changes.map((change, k) => {
      const { others, moved } = companions(neighbours, span, span.changes[k]!);
      const crowd = moved + 1 >= fewest && (moved + 1) / (others + 1) >= most;
      return judgeCause({
        sameCommit: sameCommit(one.series.points, change),
        difference: differenceAt(one.series.points, change, environments),
        crowd: crowd ? `${moved + 1} of ${others + 1} series of this environment changed together` : undefined,
        quiet: others + 1 >= fewest && (moved + 1) / (others + 1) < most,
      });
    });
  });
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
  neighbours: readonly Span[],
  one: Span,
  [from, to]: Span['changes'][number],
): { others: number; moved: number } {
  const around = neighbours.filter((other) => other.name !== one.name && other.first < from && other.last >= to);
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
