import type { Declaration } from './declaration.ts';
import { usageError, type PerfError } from './errors.ts';
import type { Metric } from './metric.ts';
import { units } from './units.ts';
import { describeValue } from './wording.ts';

const directions = ['lower', 'higher', 'neither'];
const example = "Write metrics: [{ id: 'cache-hit-rate', unit: 'ratio', better: 'higher' }].";

export const wrong = (message: string, hint: string, excerpt?: string): PerfError =>
  usageError(message, { code: 'bad-declaration', hint, ...(excerpt === undefined ? {} : { excerpt }) });

export const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function wrongMetric(metric: Partial<Metric> | null, title: string): PerfError | undefined {
  if (!isName(metric?.id)) {
    return wrong(`a metric of ${title} is ${describeValue(metric)}, without an id`, example, 'metrics');
  }
  const { id, unit, better } = metric;
  if (!units.some((known) => known === unit)) {
    return wrong(
      `the metric ${id} of ${title} has the unit ${describeValue(unit)}`,
      `Units are ${units.join(', ')}.`,
      'unit',
    );
  }
  return directions.includes(better!)
    ? undefined
    : wrong(
        `the metric ${id} of ${title} has better: ${describeValue(better)}`,
        "Write 'lower', 'higher', or 'neither'.",
        'better',
      );
}

/** What is wrong with what a declaration says that it measures, and how. `undefined` when nothing is. */
export function wronglyMeasured(declaration: Declaration, title: string): PerfError | undefined {
  // In plain JavaScript nothing else looks at the types of what was written.
  const { metrics, primary, quantiles, instrument } = declaration as Partial<Record<keyof Declaration, unknown>>;
  if (!Array.isArray(metrics) || metrics.length === 0) {
    return wrong(`the metrics of ${title} are ${describeValue(metrics)}`, example, 'metrics');
  }
  const measured = metrics as Partial<Metric>[];
  for (const metric of measured) {
    const error = wrongMetric(metric, title);
    if (error !== undefined) return error;
  }
  const ids = measured.map(({ id }) => id);
  if (!ids.some((id) => id === primary)) {
    return wrong(
      `the primary metric of ${title} is ${describeValue(primary)}`,
      `It measures ${ids.join(', ')}: write primary: '${ids[0]!}'.`,
      'primary',
    );
  }
  if (typeof quantiles !== 'boolean') {
    return wrong(
      `${title} has quantiles: ${describeValue(quantiles)}`,
      'Write true when rounds hand back samples of the primary metric, false for one value a round.',
      'quantiles',
    );
  }
  return typeof instrument === 'function'
    ? undefined
    : wrong(
        `the instrument of ${title} is ${describeValue(instrument)}`,
        'Write a function: instrument: async ({ signal }) => ({ measurements: [] }).',
        'instrument',
      );
}
