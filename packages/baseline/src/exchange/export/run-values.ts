import { distributionOf, median, type Measurement, type MeasurementData, type Metric, type Run } from '@perfkeel/core';

/** What of a run is exported; nothing named is everything. */
export interface ExportOptions {
  /** The id of a benchmark. */
  readonly benchmark?: string | undefined;
  /** The id of a metric. */
  readonly metric?: string | undefined;
}

/** One number of one round, in the base unit of its metric. */
export interface RoundNumber {
  readonly benchmark: string;
  readonly group?: string | undefined;
  readonly metric: Metric;
  /** `median`, `p90`, `p99`, `mean`, `min`, `max` of a distribution, `share` of a count, else `value`. */
  readonly statistic: string;
  readonly round: number;
  readonly value: number;
}

/** One number for all rounds: the median of those of the rounds, the lowest and the highest of them. */
export interface RunValue extends Omit<RoundNumber, 'round'> {
  readonly lo: number;
  readonly hi: number;
  readonly rounds: number;
}

const quantiles: readonly (readonly [string, number])[] = [
  ['median', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['min', 0],
  ['max', 1],
];

/** Series are curves, not values: they are left out. */
function statisticsOf(data: MeasurementData): readonly (readonly [string, number])[] {
  switch (data.kind) {
    case 'sample':
    case 'histogram': {
      const distribution = distributionOf([data])!;
      if (distribution.count === 0) return [];
      const ranks = quantiles.map(([name, q]) => [name, distribution.quantile(q)] as const);
      return [...ranks, ['mean', distribution.mean]];
    }
    case 'count':
      return data.trials > 0 ? [['share', data.events / data.trials]] : [];
    case 'exact':
      return [['value', data.value]];
    case 'estimate':
      return [['value', data.estimate.value]];
    case 'series':
      return [];
  }
}

/** The measurements that are wanted, each with its metric, in the order of the plan. */
export function selected(run: Run, { benchmark, metric }: ExportOptions): readonly SelectedMetric[] {
  const measured = new Map<string, Measurement[]>();
  const key = (...ids: readonly string[]): string => JSON.stringify(ids);
  for (const one of run.measurements) {
    const id = key(one.benchmark, one.metric);
    const known = measured.get(id);
    if (known) known.push(one);
    else measured.set(id, [one]);
  }
  return run.plan.benchmarks
    .filter(({ id }) => benchmark === undefined || id === benchmark)
    .flatMap((plan) =>
      plan.metrics
        .filter(({ id }) => metric === undefined || id === metric)
        .map((one) => ({
          benchmark: plan.id,
          group: plan.group,
          metric: one,
          rounds: measured.get(key(plan.id, one.id)) ?? [],
        })),
    );
}

export interface SelectedMetric {
  readonly benchmark: string;
  readonly group: string | undefined;
  readonly metric: Metric;
  readonly rounds: readonly Measurement[];
}

/** Every finite number of every round. Formats of others have no word for infinite. */
export function roundNumbers(run: Run, options: ExportOptions): RoundNumber[] {
  return selected(run, options).flatMap(({ benchmark, group, metric, rounds }) =>
    rounds.flatMap(({ round, data }) =>
      statisticsOf(data)
        .filter(([, value]) => Number.isFinite(value))
        .map(([statistic, value]) => ({ benchmark, group, metric, statistic, round, value })),
    ),
  );
}

/** One number for each statistic of each metric. */
export function runValues(run: Run, options: ExportOptions): RunValue[] {
  const collected = new Map<string, RoundNumber[]>();
  for (const one of roundNumbers(run, options)) {
    const key = JSON.stringify([one.benchmark, one.metric.id, one.statistic]);
    const known = collected.get(key);
    if (known) known.push(one);
    else collected.set(key, [one]);
  }
  return [...collected.values()].map((numbers) => {
    const { benchmark, group, metric, statistic } = numbers[0]!;
    const values = numbers.map(({ value }) => value).sort((a, b) => a - b);
    const [lo, hi] = [values[0]!, values.at(-1)!];
    return { benchmark, group, metric, statistic, value: median(values), lo, hi, rounds: values.length };
  });
}

/** `response-time-p99`, and `throughput` where there is only one number. */
export const measureName = ({ metric, statistic }: Pick<RunValue, 'metric' | 'statistic'>): string =>
  statistic === 'value' || statistic === 'share' ? metric.id : `${metric.id}-${statistic}`;
