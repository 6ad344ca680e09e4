import {
  parseObjective,
  type BenchmarkPlan,
  type Comparator,
  type Measurement,
  type ParsedObjective,
} from '@perfkeel/core';

const opposite: Partial<Record<Comparator, Comparator>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const code = 'turned-round';

/** An objective, and whether good news keeps it; undefined where nobody can tell. */
interface Asked {
  readonly objective: ParsedObjective;
  readonly good?: boolean | undefined;
}

/**
 * What a benchmark promises the wrong way round, by one character: `p99 > 200ms` is kept by whatever is slow. A sentence for
 * each. A lower bound of what is best (`min`, `p0`) may be meant, and so may one end of a band whose other end is promised,
 * and anything in a demonstration that must fail.
 */
export function turnedRound({ objectives, metrics, primary, quantiles, expected }: BenchmarkPlan): readonly string[] {
  if (expected === 'fail') return [];
  const scope = { metrics, primary: quantiles ? primary : undefined };
  const asked = objectives.map((source): Asked => {
    const objective = parseObjective(source, scope);
    const better = metrics.find(({ id }) => id === objective.metric)?.better;
    const isKnown = opposite[objective.comparator] !== undefined && better !== undefined && better !== 'neither';
    return { objective, good: isKnown ? better === directionOf(objective) : undefined };
  });
  const kept = new Set(asked.filter(({ good }) => good).map(({ objective }) => subjectOf(objective)));
  return asked
    .filter(({ objective, good }) => good === false && !isBest(objective) && !kept.has(subjectOf(objective)))
    .map(({ objective }) => question(objective));
}

const directionOf = ({ comparator }: ParsedObjective): 'higher' | 'lower' =>
  comparator.startsWith('>') ? 'higher' : 'lower';

const subjectOf = ({ metric, statistic }: ParsedObjective): string => JSON.stringify([metric, statistic]);

const isBest = ({ statistic }: ParsedObjective): boolean => statistic.kind === 'quantile' && statistic.q === 0;

function question(objective: ParsedObjective): string {
  const { source, unit, comparator } = objective;
  const more = unit === 'ns' ? 'slower' : 'more';
  const limit = source.slice(source.indexOf(comparator) + comparator.length).trim();
  const meant = source.replace(comparator, opposite[comparator]!);
  return `"${source}" is kept by what is ${directionOf(objective) === 'lower' ? 'less' : more} than ${limit}; did you mean "${meant}"?`;
}

/** The same measurements; the first one of each benchmark says what its promises may have wrong. */
export function remarkTurned(
  measurements: readonly Measurement[],
  benchmarks: readonly BenchmarkPlan[],
): readonly Measurement[] {
  const said = new Map(benchmarks.map((plan) => [plan.id, turnedRound(plan)]));
  return measurements.map((one) => {
    const sentences = said.get(one.benchmark) ?? [];
    said.delete(one.benchmark);
    if (sentences.length === 0 || one.warnings.some((warning) => warning.code === code)) return one;
    return { ...one, warnings: [...one.warnings, { code, message: sentences.join(' ') }] };
  });
}
