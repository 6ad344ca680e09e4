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

/**
 * One number for all rounds, with the lowest and the highest of the rounds. Of distributions it is that of all samples
 * together, as reports show it, and of counts their common share: the highest of a run is the highest that was seen. Of
 * what has one number a round it is the median.
 */
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

type Pair = readonly [statistic: string, value: number];

/** Formats of others have no word for infinite. */
const isFinitePair = ([, value]: Pair): boolean => Number.isFinite(value);

function statisticsOfDistribution(rounds: readonly MeasurementData[]): readonly Pair[] {
  const distribution = distributionOf(rounds);
  if (distribution === undefined || distribution.count === 0) return [];
  const ranks = quantiles.map(([name, q]) => [name, distribution.quantile(q)] as const);
  return [...ranks, ['mean', distribution.mean]];
}

/** None of what has one number a round. */
function pooledStatistics(rounds: readonly Measurement[]): readonly Pair[] {
  const counts = rounds.flatMap(({ data }) => (data.kind === 'count' ? [data] : []));
  if (counts.length === 0) return statisticsOfDistribution(rounds.map(({ data }) => data));
  const sum = (of: (count: (typeof counts)[number]) => number): number => counts.reduce((all, one) => all + of(one), 0);
  return [['share', sum(({ events }) => events) / sum(({ trials }) => trials)]];
}

/** Series are curves, not values: they are left out. */
function statisticsOf(data: MeasurementData): readonly Pair[] {
  switch (data.kind) {
    case 'sample':
    case 'histogram':
      return statisticsOfDistribution([data]);
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

/** Every finite number of every round. */
export function roundNumbers(run: Run, options: ExportOptions): RoundNumber[] {
  return selected(run, options).flatMap(({ benchmark, group, metric, rounds }) =>
    rounds.flatMap(({ round, data }) =>
      statisticsOf(data)
        .filter(isFinitePair)
        .map(([statistic, value]) => ({ benchmark, group, metric, statistic, round, value })),
    ),
  );
}

/** One number for each statistic of each metric. */
export function runValues(run: Run, options: ExportOptions): RunValue[] {
  return selected(run, options).flatMap(({ benchmark, group, metric, rounds }) => {
    const collected = new Map<string, number[]>();
    for (const [statistic, value] of rounds.flatMap(({ data }) => statisticsOf(data)).filter(isFinitePair)) {
      const known = collected.get(statistic);
      if (known) known.push(value);
      else collected.set(statistic, [value]);
    }
    const pooled = new Map(pooledStatistics(rounds).filter(isFinitePair));
    return [...collected].map(([statistic, values]) => {
      const sorted = values.sort((a, b) => a - b);
      const [lo, hi] = [sorted[0]!, sorted.at(-1)!];
      const value = pooled.get(statistic) ?? median(sorted);
      return { benchmark, group, metric, statistic, value, lo, hi, rounds: sorted.length };
    });
  });
}

/** `response-time-p99`, and `throughput` where there is only one number. */
export const measureName = ({ metric, statistic }: Pick<RunValue, 'metric' | 'statistic'>): string =>
  statistic === 'value' || statistic === 'share' ? metric.id : `${metric.id}-${statistic}`;
