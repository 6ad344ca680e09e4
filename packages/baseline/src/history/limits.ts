import { PerfError, parseObjective, type BenchmarkPlan, type Limit } from '@perfkeel/core';
import { statisticLabel, type Gate } from '../compare/gate.ts';

/** The objectives of a plan that speak of this metric and statistic; those that this version cannot read, of none. */
export function limitsOf(plan: BenchmarkPlan, gate: Gate): Limit[] {
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
