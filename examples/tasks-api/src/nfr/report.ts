import type { Judgement, RunFile, Verdict } from './run-file.ts';
import type { NfrTarget } from './targets.ts';

export type Status = 'PASSED' | 'WARNING' | 'FAILED' | 'INCONCLUSIVE' | 'NOT MEASURED';

/** The worst first: what could not be measured shows nothing at all. */
const ranking: readonly Status[] = ['FAILED', 'NOT MEASURED', 'INCONCLUSIVE', 'WARNING', 'PASSED'];

const statusOf: Record<Verdict['kind'], Status> = {
  pass: 'PASSED',
  warn: 'WARNING',
  fail: 'FAILED',
  inconclusive: 'INCONCLUSIVE',
  'could-not-measure': 'NOT MEASURED',
};

export const worst = (statuses: readonly Status[]): Status =>
  ranking.find((status) => statuses.includes(status)) ?? 'NOT MEASURED';

export interface ReportedObjective {
  readonly objective: string;
  readonly metric: string;
  readonly unit: string;
  readonly limit: number;
  readonly value: number | undefined;
  readonly interval: readonly (number | string)[] | undefined;
  /** By how much of the limit it was missed: 0.07 is 7 %, and below 0 there is room. Absent for limits of 0. */
  readonly over: number | undefined;
  readonly status: Status;
  /** Whether the value itself keeps the limit, without any tolerance. */
  readonly strictlyMet: boolean;
  readonly reasons: readonly string[];
}

export interface ReportedBenchmark {
  readonly name: string;
  readonly project: string;
  readonly status: Status;
  /** True for a demonstration that has to fail: it passed because it did. */
  readonly expectedToFail: boolean;
  /** Why it is not passed. */
  readonly reasons: readonly string[];
  /** What its rounds noticed beside the numbers: about the server, and about what measured it. */
  readonly remarks: readonly string[];
  /** What may be done about what was found, the most promising first. */
  readonly remedies: readonly string[];
  readonly objectives: readonly ReportedObjective[];
}

export interface ReportedTarget {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly strictlyMet: boolean;
  readonly benchmarks: readonly ReportedBenchmark[];
  readonly advice?: string;
}

function keeps({ comparator, limit }: Judgement, value: number): boolean {
  switch (comparator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
  }
}

function overOf({ comparator, limit }: Judgement, value: number): number | undefined {
  if (limit === 0) return undefined;
  const over = (value - limit) / limit;
  return comparator.startsWith('>') ? -over : over;
}

function reportObjective(judgement: Judgement): ReportedObjective {
  const { objective, metric, unit, limit, estimate, verdict } = judgement;
  const value = typeof estimate?.value === 'number' ? estimate.value : undefined;
  return {
    ...{ objective, metric, unit, limit, value },
    interval: estimate && [estimate.lo, estimate.hi],
    over: value === undefined ? undefined : overOf(judgement, value),
    status: statusOf[verdict.kind],
    strictlyMet: value !== undefined && keeps(judgement, value),
    reasons: verdict.reasons.map(({ message }) => message),
  };
}

function reasonsOf(verdict: Verdict | undefined): readonly string[] {
  if (verdict === undefined || verdict.kind === 'pass') return [];
  const { reasons, needs } = verdict;
  return [...reasons.map(({ message }) => message), ...(needs === undefined ? [] : [`would be decided by ${needs}`])];
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Every benchmark of a run that bears the tag. */
function benchmarksOf(project: string, run: RunFile, tag: string): ReportedBenchmark[] {
  return run.plan.benchmarks
    .filter(({ tags }) => tags.includes(tag))
    .map(({ id, expected }) => {
      const own = run.measurements.filter(({ benchmark }) => benchmark === id);
      const warnings = own.flatMap((measurement) => measurement.warnings);
      const verdict = run.benchmarks.find(({ benchmark }) => benchmark === id)?.verdict;
      const objectives = run.judgements.filter(({ benchmark }) => benchmark === id).map(reportObjective);
      return {
        ...{ name: id, project },
        // Without a promise that was judged nothing was shown, as under PERFKEEL_SHORT.
        status: verdict === undefined || objectives.length === 0 ? 'NOT MEASURED' : statusOf[verdict.kind],
        expectedToFail: expected === 'fail',
        reasons: reasonsOf(verdict),
        remarks: distinct(warnings.map(({ message }) => message)),
        remedies: distinct(warnings.flatMap(({ remedies = [] }) => remedies)),
        objectives,
      };
    });
}

/** The runs by the folder of their project. */
export type Runs = ReadonlyMap<string, RunFile>;

/** Holds everything that was measured against one requirement. */
export function reportTarget({ id, title, advice }: NfrTarget, runs: Runs): ReportedTarget {
  const benchmarks = [...runs].flatMap(([project, run]) => benchmarksOf(project, run, id));
  const status = worst(benchmarks.map((benchmark) => benchmark.status));
  // What must fail has kept its word by failing.
  const strict = benchmarks.filter(({ expectedToFail }) => !expectedToFail);
  const strictlyMet =
    strict.length > 0 &&
    status !== 'FAILED' &&
    status !== 'NOT MEASURED' &&
    strict.every(({ objectives }) => objectives.every((each) => each.strictlyMet));
  return { id, title, status, strictlyMet, benchmarks, ...(status === 'PASSED' ? {} : { advice }) };
}

const milliseconds = ({ unit, value }: ReportedObjective): number | undefined =>
  unit === 'ns' && value !== undefined ? value / 1e6 : undefined;

/** `{ 'response-time': { p50: 4.1, p95: 9.9, p99: 21 } }`, in milliseconds, of what the objectives speak of. */
function latencyOf({ objectives }: ReportedBenchmark): Record<string, Record<string, number>> {
  const all: Record<string, Record<string, number>> = {};
  for (const each of objectives) {
    const statistic = /^(?:p[\d.]+|median|mean|max|min)(?= )/.exec(each.objective)?.[0];
    const value = milliseconds(each);
    if (statistic !== undefined && value !== undefined) (all[each.metric] ??= {})[statistic] = value;
  }
  return all;
}

/** Something of each benchmark that has it, by its name. */
function named<T>(
  benchmarks: readonly ReportedBenchmark[],
  part: (benchmark: ReportedBenchmark) => T | undefined,
): Record<string, T> {
  const all: Record<string, T> = {};
  for (const benchmark of benchmarks) {
    const value = part(benchmark);
    if (value !== undefined) all[benchmark.name] = value;
  }
  return all;
}

const valueOf = ({ objectives }: ReportedBenchmark, metric: string): number | undefined =>
  objectives.find((each) => each.metric === metric)?.value;

/** What the targets measured, by what it is. */
function details(targets: readonly ReportedTarget[]) {
  const all = targets.flatMap(({ benchmarks }) => benchmarks);
  const of = (id: string): readonly ReportedBenchmark[] => targets.find((target) => target.id === id)?.benchmarks ?? [];
  return {
    latencyMs: named(all, (each) => (Object.keys(latencyOf(each)).length === 0 ? undefined : latencyOf(each))),
    throughputPerSecond: named(all, (each) => valueOf(each, 'throughput')),
    cacheHitRates: named(all, (each) => valueOf(each, 'cache-hit-rate') ?? valueOf(each, 'cache-hits')),
    tokens: named(of('NFR-Performance-03'), ({ objectives }) =>
      objectives.map(({ objective, metric, value }) => ({ objective, metric, value })),
    ),
  };
}

/** What is known beside the runs. */
export interface Facts {
  readonly timestamp: string;
  readonly durationSeconds: number;
  /** Measured for seconds, with limits for seconds: shows that everything works, and no requirement. */
  readonly rehearsal: boolean;
  /** What the server of each project said of itself. */
  readonly servers: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The whole report, ready for JSON. */
export function buildReport(targets: readonly NfrTarget[], runs: Runs, facts: Facts) {
  const reported = targets.map((target) => reportTarget(target, runs));
  const count = (status: Status): number => reported.filter((target) => target.status === status).length;
  const [environment] = [...runs.values()].map((run) => run.environment);
  return {
    schemaVersion: 1,
    ...facts,
    summary: {
      status: worst(reported.map(({ status }) => status)),
      strictlyMet: reported.every(({ strictlyMet }) => strictlyMet),
      passed: count('PASSED'),
      warned: count('WARNING'),
      failed: count('FAILED'),
      inconclusive: count('INCONCLUSIVE'),
      notMeasured: count('NOT MEASURED'),
    },
    tolerance: { warning: 'more than 5 % beyond the limit', failed: 'more than 10 % beyond the limit' },
    targets: reported,
    ...details(reported),
    runs: [...runs].map(([project, { id, startedAt, durationMs }]) => ({ project, id, startedAt, durationMs })),
    environment,
  };
}

export type NfrReport = ReturnType<typeof buildReport>;

/** `benchmark_2026-05-31_23-59-59.json`, in UTC. */
export const reportName = (timestamp: string): string =>
  `benchmark_${timestamp.slice(0, 19).replace('T', '_').replaceAll(':', '-')}.json`;

/** 0 when every target is met, perhaps with a warning; 1 when one is missed; 3 when that is not known of one. */
export function exitCodeOf({ summary, rehearsal }: NfrReport): number {
  if (summary.failed > 0) return 1;
  return rehearsal || summary.inconclusive + summary.notMeasured > 0 ? 3 : 0;
}
