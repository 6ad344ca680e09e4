import type { Run } from '@perfkeel/core';
import { gatePoints, type GatePoint } from '../store/index/run-points.ts';
import { newestRuns, type RunSeries } from '../store/index/run-series.ts';
import { writeKey } from '../store/index/series-key.ts';
import type { RunRecords } from '../store/run-records.ts';
import type { RunSummary } from '../store/run-summary.ts';
import { historyPoint, inventoriesOf } from './collect-history.ts';
import type { History, HistorySeries } from './history-series.ts';
import { joinVersions } from './join-versions.ts';
import { limitsOf } from './limits.ts';

export interface ReadHistoryOptions {
  /** Only runs of this branch. @default all */
  readonly branch?: string | undefined;
  /** This many of the newest runs of it at most. @default all */
  readonly last?: number | undefined;
  /** Ids of runs that are wanted however old they are. */
  readonly also?: ReadonlySet<string> | undefined;
  /** Only benchmarks whose present names it accepts. @default all */
  readonly among?: ((benchmark: string) => boolean) | undefined;
}

/** Runs that are opened to learn what is promised now: the newest, and others until each benchmark was seen. */
const mostOpened = 10;

/**
 * What `collectHistory` makes of the runs of a store, out of its index: few runs are opened. Numbers of a benchmark that was
 * renamed are under its present name.
 */
export async function readHistory(
  store: RunSeries & RunRecords,
  { branch, last, also = new Set(), among }: ReadHistoryOptions = {},
): Promise<History> {
  const stored = await store.readSeries({ last, branch, also, among });
  const runs = newestRuns(await store.listRuns(), { last, branch, also });
  const opened = await openNewest(store, runs, new Set(stored.map(({ key }) => key.benchmark)));
  const gates = newestGates(opened);
  const series = stored.map(({ key, unit, better, points }): HistorySeries => {
    const gate = gates.get(writeKey(key));
    return {
      ...{ key, unit, better },
      limits: gate === undefined ? [] : limitsOf(gate.plan, gate.gate),
      points: points.map((point) => historyPoint(point.run, point)),
    };
  });
  return {
    series: joinVersions(series),
    places: placesOf(runs, opened),
    inventories: inventoriesOf([...opened].reverse()),
  };
}

/** The newest run of each class of environments, and enough to have seen each benchmark. Newest first. */
async function openNewest(
  store: RunRecords,
  runs: readonly RunSummary[],
  benchmarks: ReadonlySet<string>,
): Promise<readonly Run[]> {
  const [opened, classes, missing] = [[] as Run[], new Set<string>(), new Set(benchmarks)];
  for (const { sha, environment } of runs) {
    const wanted = !classes.has(environment) || (missing.size > 0 && opened.length < mostOpened);
    if (!wanted) continue;
    const run = await store.loadRun(sha);
    opened.push(run);
    classes.add(environment);
    for (const { id } of run.plan.benchmarks) missing.delete(id);
  }
  return opened;
}

function newestGates(opened: readonly Run[]): ReadonlyMap<string, GatePoint> {
  const oldestFirst = [...opened].reverse();
  return new Map(oldestFirst.flatMap(gatePoints).map((point) => [writeKey(point.key), point]));
}

/** Environments of one class differ in their hosts only. */
function placesOf(runs: readonly RunSummary[], opened: readonly Run[]): History['places'] {
  const facts = new Map(opened.map(({ environment }) => [environment.class, environment]));
  return [...runs].reverse().flatMap(({ id, startedAt, project, environment, host }) => {
    const known = facts.get(environment);
    return known === undefined ? [] : [{ run: id, at: startedAt, project, environment: { ...known, host } }];
  });
}
