import {
  PerfError,
  metrics,
  parseObjective,
  type BenchmarkPlan,
  type Metric,
  type ParsedObjective,
} from '@perfkeel/core';

/** What of a distribution is compared. */
export type RoundStatistic = { readonly kind: 'quantile'; readonly q: number } | { readonly kind: 'mean' };

/** One thing that decides a comparison: a metric, and what is taken from its rounds. */
export interface Gate {
  readonly metric: Metric;
  /** Used where rounds hold distributions; other data have one value a round. */
  readonly statistic: RoundStatistic;
}

const quantile = (q: number): RoundStatistic => ({ kind: 'quantile', q });

/**
 * A micro-benchmark is disturbed in one direction only: interference adds time, and a low quantile carries the signal
 * when the median does not. Of p25, p10 and the minimum on recorded processes of real code, p10 and the minimum find 5 %
 * more often than p25 on a busy machine (93 and 95 against 85 of 100), and p10 does not hang on one lucky sample. Start-up times are few, so their tail says little.
 */
const statisticOfKind: ReadonlyMap<string, RoundStatistic> = new Map([
  ['bench', quantile(0.1)],
  ['startup', quantile(0.5)],
]);

/** Objectives that this version cannot read are judged by nobody, so they gate nothing. */
function readObjectives(plan: BenchmarkPlan): ParsedObjective[] {
  const scope = { metrics: plan.metrics, primary: plan.quantiles ? plan.primary : undefined };
  return plan.objectives.flatMap((source) => {
    try {
      return [parseObjective(source, scope)];
    } catch (error) {
      if (error instanceof PerfError) return [];
      throw error;
    }
  });
}

function statisticsOf(plan: BenchmarkPlan, metric: Metric, objectives: readonly ParsedObjective[]): RoundStatistic[] {
  const ofKind = statisticOfKind.get(plan.kind);
  if (ofKind) return [ofKind];
  const named = objectives
    .filter((objective) => objective.metric === metric.id)
    .map(({ statistic }) => (statistic.kind === 'value' ? quantile(0.5) : statistic));
  const unique = new Map(named.map((statistic) => [statisticLabel(statistic), statistic]));
  return unique.size > 0 ? [...unique.values()] : [quantile(0.5)];
}

/**
 * What is followed of a benchmark over time: the metrics that it says it is compared by (else its primary one), every metric
 * that an objective names, and the share of failures, since a system that got faster by failing did not get
 * faster. Metrics without a good direction are left out; so is a primary metric that a benchmark promises, but is not
 * compared by because it is too noisy.
 */
export function trendGatesOf(plan: BenchmarkPlan): Gate[] {
  const objectives = readObjectives(plan);
  const named = new Set([
    ...(plan.comparedBy ?? [plan.primary]),
    metrics.errors.id,
    ...objectives.map(({ metric }) => metric),
  ]);
  if (plan.comparedBy !== undefined && !plan.comparedBy.includes(plan.primary)) named.delete(plan.primary);
  return plan.metrics
    .filter(({ id, better }) => better !== 'neither' && named.has(id))
    .flatMap((metric) => statisticsOf(plan, metric, objectives).map((statistic) => ({ metric, statistic })));
}

/**
 * What decides whether a benchmark changed: the same, and always the median of its primary metric. Whoever promises a
 * tail, which may be too noisy to compare, still wants to hear that every answer got slower.
 */
export function gatesOf(plan: BenchmarkPlan): Gate[] {
  const gates = trendGatesOf(plan);
  const own = gates.filter(({ metric }) => metric.id === plan.primary);
  const first = own[0];
  if (first === undefined || statisticOfKind.has(plan.kind) || own.some(({ statistic }) => isMedian(statistic))) {
    return gates;
  }
  return [...gates, { metric: first.metric, statistic: quantile(0.5) }];
}

const isMedian = (statistic: RoundStatistic): boolean => statistic.kind === 'quantile' && statistic.q === 0.5;

/** `p99`, `p99.9`, `min`, `max`, `mean`. */
export function statisticLabel(statistic: RoundStatistic): string {
  if (statistic.kind === 'mean') return 'mean';
  if (statistic.q === 0) return 'min';
  if (statistic.q === 1) return 'max';
  return `p${Number((statistic.q * 100).toPrecision(12))}`;
}
