import {
  analyseHistory,
  describeTrend,
  readHistory,
  seriesTitle,
  type Acceptance,
  type HistoryReport,
  type Milestone,
  type RunStore,
  type RunSummary,
} from '@perfkeel/baseline';
import type { Environment } from '@perfkeel/core';
import type { DashboardEnvironment, DashboardSeries } from '@perfkeel/report';
import { shortEnvironment } from './short-environment.ts';

/** Runs that a dashboard is about. */
export interface DashboardRuns {
  readonly branch?: string | undefined;
  readonly last: number;
  readonly milestones: readonly Milestone[];
  readonly acceptances: readonly Acceptance[];
}

/** The newest runs, and those that are named, newest first. */
export async function runsOf(store: RunStore, { branch, last, milestones }: DashboardRuns): Promise<RunSummary[]> {
  const also = namedRuns(milestones);
  const all = await store.listRuns();
  return all.filter((run, i) => (i < last || also.has(run.id)) && (branch === undefined || run.branch === branch));
}

const namedRuns = (milestones: readonly Milestone[]): Set<string> =>
  new Set(milestones.flatMap(({ run }) => run ?? []));

/** Where the runs were measured, the environment of the newest run first. */
export async function environmentsOf(
  store: RunStore,
  runs: readonly RunSummary[],
): Promise<readonly DashboardEnvironment[]> {
  const facts = new Map<string, Environment>();
  for (const { environment, sha } of runs) {
    if (!facts.has(environment)) facts.set(environment, (await store.loadRun(sha)).environment);
  }
  const places = [...runs].reverse().map(({ id, startedAt, project, environment, host }) => ({
    ...{ run: id, at: startedAt, project },
    environment: { ...facts.get(environment)!, host },
  }));
  const { environments: eras } = analyseHistory({ series: [], places, inventories: [] });
  const titles = [...facts.values()].map(titleOf);
  return [...facts].map(([id, environment], i): DashboardEnvironment => {
    const own = runs.filter((run) => run.environment === id);
    const became = eras.find((era) => era.environment === id)?.became;
    const title = titles.filter((each) => each === titles[i]).length > 1 ? ` (${shortEnvironment(id)})` : '';
    return {
      id,
      title: titleOf(environment) + title,
      runs: own.length,
      newest: own[0]!.startedAt,
      ...(became === undefined ? {} : { became }),
    };
  });
}

const titleOf = ({ cpu, cores, os, node }: Environment): string => {
  const processor = cpu.replaceAll(/\((?:R|TM)\)| CPU\b.*| @.*/g, '').trim() || 'unknown processor';
  return [cores === 0 ? processor : `${processor} × ${cores}`, os, `Node ${node.replace(/^v/, '')}`].join(', ');
};

/**
 * The series of the runs, one project and one environment after the other: what tells the machine from the code is known
 * within one, and only one needs to be held.
 */
export async function* dashboardSeries(
  store: RunStore,
  runs: readonly RunSummary[],
  { last, milestones, branch, acceptances }: DashboardRuns,
): AsyncGenerator<readonly DashboardSeries[], void, void> {
  for (const { project, environment } of partsOf(runs)) {
    const own = runs.filter((run) => run.project === project && run.environment === environment);
    const part = {
      ...store,
      listRuns: () => Promise.resolve(own),
      readSeries: (query: object = {}) => store.readSeries({ ...query, project, environment }),
    };
    const history = await readHistory(part, { branch, last, also: namedRuns(milestones) });
    yield analyseHistory(history, { acceptances, milestones }).series.map(shownSeries);
  }
}

const shownSeries = (trend: HistoryReport['series'][number]): DashboardSeries => ({
  ...trend,
  title: seriesTitle(trend),
  notes: describeTrend(trend),
});

function partsOf(runs: readonly RunSummary[]): readonly Pick<RunSummary, 'project' | 'environment'>[] {
  const parts = new Map(
    runs.map(({ project, environment }) => [JSON.stringify([project, environment]), { project, environment }]),
  );
  return [...parts.values()];
}
