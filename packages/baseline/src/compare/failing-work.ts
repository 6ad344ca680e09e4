import { formatQuantity, median, metrics, type Comparison, type Run } from '@perfkeel/core';
import { isTimed } from './change.ts';
import { inconclusive } from './decide.ts';

/** From here on so many more attempts fail that times of both sides are those of different work, as a share of all. */
const manyMore = 0.05;

/**
 * Takes back what times and rates seem to say where more attempts fail than before: a system that got faster by failing
 * did not get faster. What got slower all the same stays.
 */
export function withoutTimesOfFailures(comparisons: readonly Comparison[], { plan }: Run): readonly Comparison[] {
  const failing = new Map(
    comparisons.flatMap((one) =>
      one.metric === metrics.errors.id && one.decision === 'regressed' ? [[one.benchmark, one] as const] : [],
    ),
  );
  return comparisons.map((one) => {
    const errors = failing.get(one.benchmark);
    if (!errors || !isTimed(one.unit) || !isMisleading(one, errors)) return one;
    const kind = plan.benchmarks.find(({ id }) => id === one.benchmark)?.kind;
    const refused = inconclusive('failing-work', messageOf(one, errors, kind), 'runs in which as much succeeds');
    return { ...one, effect: undefined, screening: undefined, ...refused };
  });
}

function isMisleading({ decision }: Comparison, { base, head }: Comparison): boolean {
  if (decision === 'regressed' || decision === 'identical') return false;
  return decision === 'improved' || median(head) - median(base) >= manyMore;
}

function messageOf({ statistic, metric }: Comparison, { base, head }: Comparison, kind: string | undefined): string {
  const share = (values: readonly number[]): string => formatQuantity(median(values), 'ratio');
  const attempts = kind === 'load' ? 'requests' : 'attempts';
  const what = statistic === 'value' ? metric : `${statistic} of ${metric}`;
  return `${what} is not comparable: ${share(head)} of the ${attempts} fail (${share(base)} in base)`;
}
