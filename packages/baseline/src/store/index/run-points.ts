import { median, type Metric, type Run } from '@perfkeel/core';
import { gatesOf } from '../../compare/gate.ts';
import { roundValues } from '../../compare/round-values.ts';
import { configurationOf, versionOf, writeKey } from './series-key.ts';

/** What one run says about one series. */
export interface RunPoint {
  /** The text of the `StoredSeriesKey`. */
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
}

/** One point for every series of a run. Rounds that measured nothing finite make none. */
export function runPoints(run: Run): readonly RunPoint[] {
  // Looking for each metric among all measurements would be quadratic.
  const byBenchmark = group(run.measurements);
  return run.plan.benchmarks.flatMap((plan) => {
    const measurements = byBenchmark.get(plan.id) ?? [];
    return gatesOf(plan).flatMap((gate): RunPoint[] => {
      const { values, statistic } = roundValues(measurements, plan.id, gate);
      if (statistic === undefined || values.length === 0) return [];
      const { id: metric, unit, better } = gate.metric;
      const key = writeKey({
        project: run.provenance.project,
        benchmark: plan.id,
        metric,
        statistic,
        configuration: configurationOf(plan),
        environment: run.environment.class,
        version: versionOf(plan, gate.metric),
      });
      const spread = { lo: Math.min(...values), hi: Math.max(...values) };
      return [{ key, unit, better, value: median(values), ...spread, rounds: values.length }];
    });
  });
}

function group(measurements: Run['measurements']): Map<string, Run['measurements'][number][]> {
  const groups = new Map<string, Run['measurements'][number][]>();
  for (const each of measurements) {
    const found = groups.get(each.benchmark);
    if (found) found.push(each);
    else groups.set(each.benchmark, [each]);
  }
  return groups;
}
