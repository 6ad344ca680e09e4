import type { HistoryPoint, Run, SeriesKey } from '@perfkeel/core';
import { gatePoints, type GatePoint } from '../store/index/run-points.ts';
import { writeKey } from '../store/index/series-key.ts';
import { summariseRun, type RunSummary } from '../store/run-summary.ts';
import { declaredRenames, followRenames, type Rename } from '../store/renames.ts';
import type { History, HistorySeries, ProjectInventory, RunPlace } from './history-series.ts';
import { joinVersions } from './join-versions.ts';
import { limitsOf } from './limits.ts';

export interface CollectOptions {
  /** Only runs of this branch. @default all */
  readonly branch?: string | undefined;
  /** Beside those that the declarations in the runs speak of. */
  readonly renames?: readonly Rename[] | undefined;
}

/**
 * Runs as series: one number of each run for everything that decides whether a benchmark changed, the same as in a
 * comparison. Left out are rehearsals and numbers that are not those of what was meant to be measured. Pure.
 *
 * @param runs in any order; one id counts once
 */
export function collectHistory(runs: Iterable<Run>, options: CollectOptions = {}): History {
  const { branch, renames = [] } = options;
  const usable = [...new Map(Array.from(runs, (run) => [run.id, run])).values()]
    .filter(({ plan, provenance }) => !plan.short && (branch === undefined || provenance.branch === branch))
    .sort(oldestFirst);
  const summaries = usable.map((run) => summariseRun(run, ''));
  const current = followRenames([...declaredRenames([...summaries].reverse()), ...renames].sort(byTime));
  const all = new Map<string, Building>();
  usable.forEach((run, i) => {
    const measured = new Set(run.plan.benchmarks.map(({ id }) => id));
    for (const point of gatePoints(run)) {
      const now = current(point.key.project, point.key.benchmark, run.startedAt);
      const key = measured.has(now) ? point.key : { ...point.key, benchmark: now };
      addPoint(all, key, point, summaries[i]!);
    }
  });
  const series = [...all.values()].map(({ newest: { plan, gate }, ...rest }): HistorySeries => ({
    ...rest,
    limits: limitsOf(plan, gate),
  }));
  return { series: joinVersions(series), places: usable.map(placeOf), inventories: inventoriesOf(usable) };
}

interface Building extends Omit<HistorySeries, 'limits'> {
  newest: GatePoint;
  readonly points: HistoryPoint[];
}

const byTime = (a: Rename, b: Rename): number => Date.parse(a.at) - Date.parse(b.at);
const oldestFirst = (a: Run, b: Run): number =>
  Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1);

function addPoint(all: Map<string, Building>, key: SeriesKey, point: GatePoint, run: RunSummary): void {
  const id = writeKey(key);
  const known = all.get(id) ?? { key, unit: point.unit, better: point.better, points: [], newest: point };
  known.points.push(historyPoint(run, point));
  known.newest = point;
  all.set(id, known);
}

/** A number of a run with what a history says of the run. */
export function historyPoint(
  { id, startedAt, commit, branch, dirty }: RunSummary,
  { value, rounds, disturbed }: Pick<GatePoint, 'value' | 'rounds' | 'disturbed'>,
): HistoryPoint {
  return {
    run: id,
    at: startedAt,
    ...(commit === undefined ? {} : { sha: commit }),
    ...(branch === undefined ? {} : { branch }),
    dirty: dirty ?? false,
    value,
    rounds,
    ...(disturbed === undefined ? {} : { disturbed }),
  };
}

const placeOf = ({ id, startedAt, provenance, environment }: Run): RunPlace => ({
  run: id,
  at: startedAt,
  project: provenance.project,
  environment,
});

/** What the newest run of each project says that there is. @param runs oldest first */
export function inventoriesOf(runs: readonly Run[]): ProjectInventory[] {
  const newest = new Map(runs.map((run) => [run.provenance.project, run]));
  return [...newest].flatMap(
    ([
      project,
      {
        plan: { inventory },
      },
    ]) => (inventory ? [{ project, ...inventory }] : []),
  );
}
