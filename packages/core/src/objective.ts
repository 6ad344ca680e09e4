import { usageError } from './errors.ts';
import type { Metric } from './metric.ts';
import type { Comparator } from './objective-syntax.ts';
import { readQuantity, type Quantity } from './quantity.ts';
import type { Unit } from './units.ts';
import { describeValue, nearest } from './wording.ts';

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
  /** The words for its times that it takes. @default p99, median, mean, min, max */
  readonly statistics?: readonly string[] | undefined;
}

const sentence =
  /^\s*([\p{L}][\p{L}\p{N}_.-]*)(?:\s+of\s+(any\s+\S+\s+window\b|[\p{L}][\p{L}\p{N}_.-]*))?\s*([<>=!~≤≥]+)\s*(.+?)\s*$/u;
const anyWindow = /^any\s+(\S+)\s+window$/;
const comparators: readonly Comparator[] = ['<', '<=', '>', '>=', '='];
const meant: Record<string, Comparator> = { '=<': '<=', '=>': '>=', '==': '=', '===': '=', '≤': '<=', '≥': '>=' };
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

const unitNames: Record<Unit, string> = {
  ns: 'time',
  B: 'bytes',
  '1/s': 'events per second',
  ratio: 'per cent',
  count: 'plain numbers',
  'B/op': 'bytes per operation',
  'B/s': 'bytes per second',
};
/** Times, sizes, rates. Growth can be negative. */
const neverNegative: ReadonlySet<Unit> = new Set(['ns', 'B', '1/s']);

/**
 * What `word of any span window` is called by a declaration that measures it: `p99-of-any-10s-window`. One number a round,
 * that of its worst window.
 */
export const windowMetricId = (word: string, span: string): string => `${word}-of-any-${span}-window`;

/** What `word of name` is called by a declaration that measures it of several things: `growth-of-switch`. One number a round. */
export const namedMetricId = (word: string, name: string): string => `${word}-of-${name}`;

function fail(source: string, message: string, hint: string): never {
  throw usageError(`${JSON.stringify(source)} is not an objective: ${message}`, {
    code: 'bad-objective',
    hint,
    excerpt: source,
  });
}

const isComparator = (text: string): text is Comparator => comparators.some((comparator) => comparator === text);

/** `p99`, `median`, `min`, `max`, `mean`; `undefined` when the word names no time statistic. */
function timeStatistic(word: string): Statistic | undefined {
  if (word === 'mean') return { kind: 'mean' };
  if (word === 'median') return { kind: 'quantile', q: 0.5 };
  if (word === 'min') return { kind: 'quantile', q: 0 };
  if (word === 'max') return { kind: 'quantile', q: 1 };
  const [, digits] = percentile.exec(word) ?? [];
  // Read as a decimal and not divided: 99.9 / 100 is a little more than 0.999.
  return digits === undefined ? undefined : { kind: 'quantile', q: Number(`${digits}e-2`) };
}

interface Subject {
  readonly metric: Metric;
  readonly statistic: Statistic;
}

function subject(source: string, word: string, scope: ObjectiveScope): Subject {
  const statistic = timeStatistic(word);
  const id = statistic ? scope.primary : word;
  const metric = scope.metrics.find((candidate) => candidate.id === id);
  const component = metric?.part !== undefined && metric.part.q === undefined;
  if (metric && !statistic && (component || id === scope.primary)) {
    const [example, of] = [unitExamples[metric.unit], component ? ` of ${word}` : ''];
    return fail(
      source,
      `"${word}" has many values`,
      `Say which: "p99${of} < ${example}" or "median${of} < ${example}".`,
    );
  }
  if (metric) return { metric, statistic: statistic ?? { kind: 'value' } };
  return fail(source, `nothing here is called "${word}"`, unknownWordHint(source, word, scope));
}

/** `p99 of first-byte`: a statistic of another metric than the primary one. Only times have many values in a round. */
function namedSubject(source: string, word: string, id: string, scope: ObjectiveScope): Subject {
  const statistic = timeStatistic(word);
  if (!statistic) return noSuchName(source, word, id, scope);
  const timed = scope.metrics.filter(({ unit }) => unit === 'ns');
  const metric = timed.find((candidate) => candidate.id === id);
  if (metric) return { metric, statistic };
  const names = timed.map((candidate) => candidate.id);
  const meantName = nearest(id, names);
  return fail(
    source,
    `no time here is called "${id}"`,
    meantName === undefined
      ? `The times here are ${names.join(', ') || 'none'}.`
      : `Did you mean "${source.replace(id, meantName)}"?`,
  );
}

/** `growth of swich`: of other things, or of nothing in particular. */
function noSuchName(source: string, word: string, name: string, { metrics }: ObjectiveScope): never {
  const start = namedMetricId(word, '');
  const names = metrics.filter(({ id }) => id.startsWith(start)).map(({ id }) => id.slice(start.length));
  if (names.length > 0) {
    const meantName = nearest(name, names);
    const there = `Here is ${names.map((each) => `"${word} of ${each}"`).join(', ')}.`;
    const hint = meantName === undefined ? there : `Did you mean "${source.replace(name, meantName)}"?`;
    return fail(source, `no ${word} of "${name}" is measured`, hint);
  }
  if (metrics.some(({ id }) => id === word)) {
    const hint = `Leave out "of ${name}", or declare what "${name}" is.`;
    return fail(source, `${word} is measured as a whole, and not of "${name}"`, hint);
  }
  return fail(source, `"${word}" is no statistic`, `Write "p99 of ${name} < 200ms", or median, mean, min, max.`);
}

function unknownWordHint(source: string, word: string, scope: ObjectiveScope): string {
  const { statistics = ['p99', 'median', 'mean', 'min', 'max'] } = scope;
  const timed = scope.primary === undefined ? [] : statistics;
  const known = [...timed, ...scope.metrics.map(({ id }) => id).filter((id) => id !== scope.primary)];
  // "p999" is how some tools write 99.9.
  const percentileMeant = scope.primary === undefined ? undefined : word.replace(/^p(9\d)(\d+)$/, 'p$1.$2');
  const suggestion = percentileMeant !== word && percentileMeant !== undefined ? percentileMeant : nearest(word, known);
  const measured =
    known.length === 0 ? 'This benchmark measures nothing.' : `This benchmark measures ${known.join(', ')}.`;
  return suggestion === undefined ? measured : `Did you mean "${source.replace(word, suggestion)}"? ${measured}`;
}

/** 0 needs no unit; every other plain number does, unless the metric is a count. */
function limitFor(source: string, text: string, metric: Metric): Quantity {
  const quantity = readQuantity(text);
  if (!quantity) {
    return fail(source, `"${text}" is not a quantity`, `Write a limit such as "${unitExamples[metric.unit]}".`);
  }
  if (quantity.value < 0 && neverNegative.has(metric.unit)) {
    return fail(source, `${metric.id} is never below 0`, `Write a limit such as "${unitExamples[metric.unit]}".`);
  }
  if (quantity.unit === metric.unit) return quantity;
  if (quantity.unit === 'count' && quantity.value === 0) return { value: 0, unit: metric.unit };
  const plain = quantity.unit === 'count';
  const start = source.slice(0, source.lastIndexOf(text));
  const unit = unitExamples[metric.unit].replace(/^[\d.]+/, '');
  return fail(
    source,
    `${metric.id} is measured in ${unitNames[metric.unit]}, and "${text}" is ${plain ? 'a number without a unit' : `in ${unitNames[quantity.unit]}`}`,
    plain ? `Did you mean "${start}${text}${unit}"?` : `Write a limit such as "${unitExamples[metric.unit]}".`,
  );
}

function subjectOf(source: string, word: string, of: string | undefined, scope: ObjectiveScope): Subject {
  if (of === undefined) return subject(source, word, scope);
  const [, span] = anyWindow.exec(of) ?? [];
  if (span !== undefined) return windowSubject(source, word, span, scope);
  const metric = scope.metrics.find(({ id }) => id === namedMetricId(word, of));
  return metric ? { metric, statistic: { kind: 'value' } } : namedSubject(source, word, of, scope);
}

/** `p99 of any 10s window`: the worst one of a round, which is one number. */
function windowSubject(source: string, word: string, span: string, scope: ObjectiveScope): Subject {
  const id = windowMetricId(word, span);
  const metric = scope.metrics.find((candidate) => candidate.id === id);
  if (metric) return { metric, statistic: { kind: 'value' } };
  return fail(source, 'nothing here is measured in windows', 'Leave "of any … window" out: load() has windows.');
}

/**
 * Reads one objective against what its benchmark measures.
 *
 * @throws PerfError `bad-objective`, exit code 2, with the text itself as `excerpt`, so that the caller can show the
 * user's own line.
 */
export function parseObjective(source: string, scope: ObjectiveScope): ParsedObjective {
  const [, word, of, comparator, text] = (typeof source === 'string' && sentence.exec(source)) || [];
  if (!word || !comparator || !text) {
    const text = typeof source === 'string' ? source : describeValue(source);
    return fail(text, 'it needs a statistic, a comparator and a limit', 'Write it as "p99 < 200ms".');
  }
  if (!isComparator(comparator)) {
    const instead = meant[comparator];
    return fail(
      source,
      `"${comparator}" compares nothing`,
      instead ? `Did you mean "${source.replace(comparator, instead)}"?` : `Compare with ${comparators.join(', ')}.`,
    );
  }
  const { metric, statistic } = subjectOf(source, word, of, scope);
  const limit = limitFor(source, text, metric);
  return {
    source,
    metric: metric.id,
    unit: metric.unit,
    statistic,
    comparator,
    limit: limit.value,
  };
}
