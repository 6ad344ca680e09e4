import { parseObjective, type BenchmarkPlan, type Judgement, type ParsedObjective } from '@perfkeel/core';
import { isBoundAt, type BenchmarkView } from './benchmark-view.ts';

/** What an objective speaks of; `undefined` where a run from a file holds an objective of another version. */
export function judgedStatistic(
  { objective }: Judgement,
  { metrics, primary }: BenchmarkPlan,
): ParsedObjective['statistic'] | undefined {
  try {
    return parseObjective(objective, { metrics, primary }).statistic;
  } catch {
    return undefined;
  }
}

/** Whether the value that was judged is only known to be no less: that of work which was never answered. */
export function isBoundOf({ plan, metrics }: BenchmarkView, judgement: Judgement): boolean {
  const view = metrics.find(({ metric }) => metric.id === judgement.metric);
  if (!view?.censored.some((count) => count > 0)) return false;
  const statistic = judgedStatistic(judgement, plan);
  if (statistic?.kind === 'quantile') return isBoundAt(view, statistic.q);
  return statistic?.kind === 'mean';
}
