import { usageError } from './errors.ts';
import type { Metric } from './metric.ts';
import type { Comparator } from './objective-syntax.ts';
import { readQuantity, type Quantity } from './quantity.ts';
import type { Unit } from './units.ts';

/** What an objective looks at: a quantile of the time distribution, its mean, or a metric with one value. */
export type Statistic =
  { readonly kind: 'quantile'; readonly q: number } | { readonly kind: 'mean' } | { readonly kind: 'value' };

/** An objective that has been understood. `limit` is in the base unit of the metric. */
export interface ParsedObjective {
  readonly source: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly statistic: Statistic;
  readonly comparator: Comparator;
  readonly limit: number;
}

/** What a declaration offers to its objectives. */
export interface ObjectiveScope {
  readonly metrics: readonly Metric[];
  /** The metric that quantiles speak of; absent when the kind has no time distribution. */
  readonly primary?: string | undefined;
}

const sentence = /^\s*([\p{L}][\p{L}\p{N}_.-]*)\s*(<=|>=|<|>|=)\s*(.+?)\s*$/u;
const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/;
const unitExamples: Record<Unit, string> = {
  ns: '200ms',
  B: '64MB',
  '1/s': '100/s',
  ratio: '0.1%',
  count: '10',
  'B/op': '64B/op',
  'B/s': '1MB/h',
};

function fail(source: string, message: string, hint: string): never {
  throw usageError(`${JSON.stringify(source)} is not an objective: ${message}`, {
    code: 'bad-objective',
    hint,
    excerpt: source,
  });
}

/** `p99`, `median`, `min`, `max`, `mean`; `undefined` when the word names no time statistic. */
function timeStatistic(word: string): Statistic | undefined {
  if (word === 'mean') return { kind: 'mean' };
  if (word === 'median') return { kind: 'quantile', q: 0.5 };
  if (word === 'min') return { kind: 'quantile', q: 0 };
  if (word === 'max') return { kind: 'quantile', q: 1 };
  const [, digits] = percentile.exec(word) ?? [];
  return digits === undefined ? undefined : { kind: 'quantile', q: Number(digits) / 100 };
}

function subject(source: string, word: string, scope: ObjectiveScope): { metric: Metric; statistic: Statistic } {
  const statistic = timeStatistic(word);
  const id = statistic ? scope.primary : word;
  const metric = scope.metrics.find((candidate) => candidate.id === id);
  if (metric) return { metric, statistic: statistic ?? { kind: 'value' } };
  const timed = scope.primary === undefined ? [] : ['p99', 'median', 'mean', 'min', 'max'];
  const known = [...timed, ...scope.metrics.filter(({ id }) => id !== scope.primary).map(({ id }) => id)];
  return fail(source, `nothing here is called "${word}"`, `This benchmark measures ${known.join(', ')}.`);
}

/** `errors = 0` and `errors < 1` without a unit are the only plain numbers allowed beside counts. */
function limitFor(source: string, text: string, metric: Metric): Quantity {
  const quantity = readQuantity(text);
  if (!quantity) {
    return fail(source, `"${text}" is not a quantity`, `Write a limit such as "${unitExamples[metric.unit]}".`);
  }
  if (quantity.unit === metric.unit) return quantity;
  if (quantity.unit === 'count' && quantity.value === 0) return { value: 0, unit: metric.unit };
  const example = quantity.unit === 'count' ? `${text}${unitExamples[metric.unit].replace(/^[\d.]+/, '')}` : '';
  return fail(
    source,
    `${metric.id} is measured in ${metric.unit}, and "${text}" is ${quantity.unit === 'count' ? 'a number without a unit' : `in ${quantity.unit}`}`,
    example
      ? `Did you mean "${source.replace(text, example)}"?`
      : `Write a limit such as "${unitExamples[metric.unit]}".`,
  );
}

/**
 * Reads one objective against what its benchmark measures.
 *
 * @throws PerfError `bad-objective`, exit code 2, with the text itself as `excerpt`, so that the caller can show the
 * user's own line.
 */
export function parseObjective(source: string, scope: ObjectiveScope): ParsedObjective {
  const [, word, comparator, text] = (typeof source === 'string' && sentence.exec(source)) || [];
  if (!word || !comparator || !text) {
    return fail(String(source), 'it needs a statistic, a comparator and a limit', 'Write it as "p99 < 200ms".');
  }
  const { metric, statistic } = subject(source, word, scope);
  const limit = limitFor(source, text, metric);
  return {
    source,
    metric: metric.id,
    unit: metric.unit,
    statistic,
    comparator: comparator as Comparator,
    limit: limit.value,
  };
}
