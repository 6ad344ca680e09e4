import { median as middle, type Unit } from '@perfkeel/core';
import { quantileText, roundValues, type BenchmarkView } from './benchmark-view.ts';
import { tailQuantile } from './percentiles.ts';

/** A phase or an endpoint of a load, which has a distribution of the primary metric of its own. */
export interface PartView {
  readonly name: string;
  readonly unit: Unit;
  readonly median: number;
  readonly tail: number;
  /** The same in words: `≥ 10 s` where no more is known. */
  readonly medianText: string;
  readonly tailText: string;
  /** The quantile that `tail` is: the same one for all parts, but 1 where a part has too few values for any. */
  readonly q: number;
  /** A share; absent when it was not counted. */
  readonly errors?: number | undefined;
  /** Per second. */
  readonly throughput?: number | undefined;
}

/** The parts of a benchmark in their order: metrics named `part.metric` after the primary one. */
export function viewParts({ primary, metrics }: BenchmarkView): readonly PartView[] {
  if (!primary) return [];
  const ending = `.${primary.metric.id}`;
  const own = metrics.filter(({ metric, pooled }) => metric.id.endsWith(ending) && pooled !== undefined);
  const tails = own.map(({ pooled }) => tailQuantile(pooled!));
  const shared = Math.min(...tails);
  return own.map((view, i) => {
    // The greatest of many values is more than that of few: beside the other parts it would say nothing of either.
    const q = tails[i] === 1 ? 1 : shared;
    const { metric, pooled } = view;
    const name = metric.id.slice(0, -ending.length);
    const valueOf = (id: string): number | undefined => {
      const beside = metrics.find(({ metric }) => metric.id === `${name}.${id}`);
      const values = beside ? roundValues(beside) : [];
      return values.length === 0 ? undefined : middle(values);
    };
    return {
      name,
      unit: metric.unit,
      median: pooled!.quantile(0.5),
      tail: pooled!.quantile(q),
      medianText: quantileText(view, 0.5),
      tailText: quantileText(view, q),
      q,
      errors: valueOf('errors'),
      throughput: valueOf('throughput'),
    };
  });
}
