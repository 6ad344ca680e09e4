import { median, type BenchmarkPlan, type Measurement, type Metric, type Run } from '@perfkeel/core';
import { trendGatesOf, type Gate } from '../../compare/gate.ts';
import { roundValues } from '../../compare/round-values.ts';
import { configurationOf, shapeOf, versionOf, writeKey, type SeriesKey } from './series-key.ts';

/** What one run says about one series. */
export interface RunPoint {
  /** The text of the `SeriesKey`. */
  readonly key: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  /** The median over rounds. */
  readonly value: number;
  /** The smallest round. */
  readonly lo: number;
  /** The largest round. */
  readonly hi: number;
  readonly rounds: number;
  /** Why the machine may have made it worse than the code is. */
  readonly disturbed?: string | undefined;
}

/** A point before its key is text, with where it comes from. */
export interface GatePoint extends Omit<RunPoint, 'key'> {
  readonly key: SeriesKey;
  readonly plan: BenchmarkPlan;
  readonly gate: Gate;
}

/** One point for every series of a run. Rounds that measured nothing finite make none. */
export const runPoints = (run: Run): readonly RunPoint[] =>
  gatePoints(run).map(({ key, plan: _, gate: __, ...point }) => ({ key: writeKey(key), ...point }));

/** The same for programs that have the run. Numbers that are not those of what was meant to be measured make none. */
export function gatePoints(run: Run): readonly GatePoint[] {
  // Looking for each metric among all measurements would be quadratic.
  const byBenchmark = group(run.measurements);
  return run.plan.benchmarks.flatMap((plan) => pointsOf(run, plan, byBenchmark.get(plan.id) ?? []));
}

function pointsOf(run: Run, plan: BenchmarkPlan, measurements: readonly Measurement[]): GatePoint[] {
  const warnings = measurements.flatMap((one) => one.warnings);
  if (warnings.some(({ forbids }) => forbids === 'verdict')) return [];
  const disturbed = [...run.environment.warnings, ...warnings].find(({ forbids }) => forbids === 'fail')?.message;
  const inputs = [...new Set(measurements.flatMap(({ input }) => input ?? []))];
  return trendGatesOf(plan).flatMap((gate): GatePoint[] => {
    const { values, statistic } = roundValues(measurements, plan.id, gate);
    if (statistic === undefined || values.length === 0) return [];
    const { id: metric, unit, better } = gate.metric;
    const key: SeriesKey = {
      project: run.provenance.project,
      benchmark: plan.id,
      metric,
      statistic,
      configuration: configurationOf(plan, inputs),
      environment: run.environment.class,
      shape: shapeOf(plan, gate.metric),
      version: versionOf(plan),
    };
    // A file may hold more rounds than a call takes arguments.
    const [lo, hi] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const numbers = { value: median(values), lo, hi, rounds: values.length };
    return [{ key, plan, gate, unit, better, ...numbers, ...(disturbed === undefined ? {} : { disturbed }) }];
  });
}

function group(measurements: Run['measurements']): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  for (const each of measurements) {
    const found = groups.get(each.benchmark);
    if (found) found.push(each);
    else groups.set(each.benchmark, [each]);
  }
  return groups;
}
