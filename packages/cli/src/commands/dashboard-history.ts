import {
  analyseHistory,
  describeTrend,
  historyCompany,
  joinCompanies,
  readHistory,
  seriesTitle,
  type Acceptance,
  type Company,
  type History,
  type HistoryReport,
  type Milestone,
  type RunStore,
  type RunSummary,
} from '@perfkeel/baseline';
import type { Environment, Run } from '@perfkeel/core';
import type { DashboardEnvironment, DashboardSeries } from '@perfkeel/report';
import { shortEnvironment } from './short-environment.ts';

/** Runs that a dashboard is about. */
export interface DashboardRuns {
  readonly branch?: string | undefined;
  /** This many of each project in each environment. */
  readonly last: number;
  readonly milestones: readonly Milestone[];
  readonly acceptances: readonly Acceptance[];
}

/** The newest runs, and those that are named, newest first. */
export async function runsOf(store: RunStore, { branch, last, milestones }: DashboardRuns): Promise<RunSummary[]> {
  const also = namedRuns(milestones);
  const all = (await store.listRuns()).filter((run) => branch === undefined || run.branch === branch);
  const parts = [...partsOf(all)].map((part) => part.filter(({ id }, i) => i < last || also.has(id)));
  const chosen = new Set(parts.flat());
  return all.filter((run) => chosen.has(run));
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

/** Numbers of benchmarks that are held at once; each has a few metrics and percentiles. */
const mostHeld = 250_000;

/**
 * The series of the runs, one project and one environment after the other: what tells the machine from the code is known
 * within one. Of those with very many runs some benchmarks are held at a time, and everything is read twice: what the others
 * did must be known before.
 */
export async function* dashboardSeries(
  store: RunStore,
  runs: readonly RunSummary[],
  { milestones, acceptances }: Pick<DashboardRuns, 'milestones' | 'acceptances'>,
  held = mostHeld,
): AsyncGenerator<readonly DashboardSeries[], void, void> {
  for (const own of partsOf(runs)) {
    const part = partOf(store, own);
    const shares = sharesOf(own, held);
    const read = async (share: number): Promise<History> =>
      await readHistory(part, { last: own.length, among: (name) => hashOf(name) % shares === share });
    const options = { acceptances, milestones, company: shares > 1 ? await companyOf(read, shares) : undefined };
    for (let share = 0; share < shares; share++) {
      yield analyseHistory(await read(share), options).series.map(shownSeries);
    }
  }
}

async function companyOf(read: (share: number) => Promise<History>, shares: number): Promise<Company> {
  const companies: Company[] = [];
  for (let share = 0; share < shares; share++) companies.push(historyCompany(await read(share)));
  return joinCompanies(companies);
}

const sharesOf = (runs: readonly RunSummary[], held: number): number =>
  Math.ceil(runs.reduce((sum, { benchmarks }) => sum + Math.max(1, benchmarks), 0) / held);

function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return hash;
}

/** A store as if it held these runs alone; the few that are opened stay open. */
function partOf(store: RunStore, own: readonly RunSummary[]): Parameters<typeof readHistory>[0] {
  const [{ project, environment }] = own as readonly [RunSummary];
  const also = new Set(own.map(({ id }) => id));
  const opened = new Map<string, Promise<Run>>();
  return {
    ...store,
    listRuns: () => Promise.resolve(own),
    readSeries: ({ among } = {}) => store.readSeries({ project, environment, last: 0, also, among }),
    loadRun(id) {
      const known = opened.get(id) ?? store.loadRun(id);
      opened.set(id, known);
      return known;
    },
  };
}

const shownSeries = (trend: HistoryReport['series'][number]): DashboardSeries => ({
  ...trend,
  title: seriesTitle(trend),
  notes: describeTrend(trend),
});

/** Runs of one project in one environment each. */
function partsOf(runs: readonly RunSummary[]): Iterable<readonly RunSummary[]> {
  const parts = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const name = JSON.stringify([run.project, run.environment]);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [run]);
    else part.push(run);
  }
  return parts.values();
}
