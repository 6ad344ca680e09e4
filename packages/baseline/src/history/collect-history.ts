import { PerfError, median, parseObjective, type BenchmarkPlan, type Measurement, type Run } from '@perfkeel/core';
import { gatesOf, statisticLabel, type Gate } from '../compare/gate.ts';
import { roundValues } from '../compare/round-values.ts';
import type { Limit } from './forecast.ts';
import type { History, HistoryPoint, HistorySeries, RunPlace, SeriesKey } from './history-series.ts';

export interface CollectOptions {
  /** Only runs of this branch. @default all */
  readonly branch?: string | undefined;
  /**
   * Another series for each hash of the bundled perf file. The bundle holds the code of the project as well, so that every
   * change of it would begin a series. @default false
   */
  readonly bySource?: boolean | undefined;
}

/**
 * Runs as series: one number of each run for everything that decides whether a benchmark changed, the same as in a
 * comparison. Left out are rehearsals and numbers that are not those of what was meant to be measured. Pure.
 *
 * @param runs in any order; one id counts once
 */
export function collectHistory(runs: Iterable<Run>, options: CollectOptions = {}): History {
  const { branch, bySource = false } = options;
  const usable = [...new Map(Array.from(runs, (run) => [run.id, run])).values()]
    .filter(({ plan, provenance }) => !plan.short && (branch === undefined || provenance.branch === branch))
    .sort(oldestFirst);
  const all = new Map<string, Building>();
  for (const run of usable) {
    const measured = byBenchmark(run);
    for (const plan of run.plan.benchmarks) addPoints(all, run, plan, measured.get(plan.id) ?? [], bySource);
  }
  const series = [...all.values()].map(({ key, gate, limits, points }) => {
    const { unit, better } = gate.metric;
    return { key, unit, better, limits, points };
  });
  return { series: series.sort(byName), places: usable.map(placeOf) };
}

interface Building {
  readonly key: SeriesKey;
  gate: Gate;
  limits: readonly Limit[];
  readonly points: HistoryPoint[];
}

const oldestFirst = (a: Run, b: Run): number =>
  Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1);

const nameOf = ({ key }: HistorySeries): string =>
  JSON.stringify([key.project, key.benchmark, key.metric, key.statistic, key.environment, key.configuration]);
const byName = (a: HistorySeries, b: HistorySeries): number => (nameOf(a) < nameOf(b) ? -1 : 1);

const placeOf = ({ id, startedAt, provenance, environment }: Run): RunPlace => ({
  run: id,
  at: startedAt,
  project: provenance.project,
  environment,
});

function byBenchmark({ measurements }: Run): ReadonlyMap<string, readonly Measurement[]> {
  const all = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const known = all.get(one.benchmark);
    if (known) known.push(one);
    else all.set(one.benchmark, [one]);
  }
  return all;
}

function addPoints(
  all: Map<string, Building>,
  run: Run,
  plan: BenchmarkPlan,
  measurements: readonly Measurement[],
  bySource: boolean,
): void {
  const spoilt = measurements.some(({ warnings }) => warnings.some(({ forbids }) => forbids === 'verdict'));
  if (spoilt) return;
  const inputs = [...new Set(measurements.flatMap(({ input }) => input ?? []))].sort();
  for (const gate of gatesOf(plan)) {
    const { values, statistic } = roundValues(measurements, plan.id, gate);
    if (values.length === 0 || statistic === undefined) continue;
    const key: SeriesKey = {
      project: run.provenance.project,
      benchmark: plan.id,
      metric: gate.metric.id,
      statistic,
      configuration: configurationOf(plan, gate, inputs),
      environment: run.environment.class,
      ...(bySource ? { source: plan.sourceHash } : {}),
    };
    const id = JSON.stringify(key);
    const known = all.get(id) ?? { key, gate, limits: [], points: [] };
    known.points.push(pointOf(run, plan, measurements, values));
    known.gate = gate;
    known.limits = limitsOf(plan, gate);
    all.set(id, known);
  }
}

function configurationOf(plan: BenchmarkPlan, { metric }: Gate, inputs: readonly string[]): string {
  const parameters = Object.entries(plan.variant?.parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([plan.kind, metric.unit, parameters, inputs]);
}

function pointOf(
  run: Run,
  plan: BenchmarkPlan,
  measurements: readonly Measurement[],
  values: readonly number[],
): HistoryPoint {
  const { sha, branch, dirty } = run.provenance;
  const warnings = [...run.environment.warnings, ...measurements.flatMap((one) => one.warnings)];
  const disturbed = warnings.find(({ forbids }) => forbids === 'fail')?.message;
  return {
    run: run.id,
    at: run.startedAt,
    ...(sha === undefined ? {} : { sha }),
    ...(branch === undefined ? {} : { branch }),
    dirty: dirty ?? false,
    value: median(values),
    rounds: values.length,
    source: plan.sourceHash,
    ...(disturbed === undefined ? {} : { disturbed }),
  };
}

/** The objectives of a plan that speak of this metric and statistic; those that this version cannot read, of none. */
function limitsOf(plan: BenchmarkPlan, gate: Gate): Limit[] {
  const scope = { metrics: plan.metrics, primary: plan.quantiles ? plan.primary : undefined };
  return plan.objectives.flatMap((source) => {
    try {
      const { metric, statistic, comparator, limit } = parseObjective(source, scope);
      const fits = statistic.kind === 'value' || statisticLabel(statistic) === statisticLabel(gate.statistic);
      return metric === gate.metric.id && fits ? [{ source, comparator, value: limit }] : [];
    } catch (error) {
      if (error instanceof PerfError) return [];
      throw error;
    }
  });
}
