import type { Better, MeasurementData, Metric, Unit } from '@perfkeel/core';
import type { ForeignValue } from './foreign.ts';
import type { Place } from './place.ts';

const longestId = 200;

/** `http_req_duration` becomes `http-req-duration`, `p(95)` becomes `p95`. Never empty. */
export function kebab(text: string): string {
  const words = text
    .slice(0, longestId)
    .replace(/\(([\d.]+)\)/g, '$1')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return words === '' ? 'value' : words;
}

export const metricOf = (id: string, unit: Unit, better: Better = 'lower'): Metric => ({ id, unit, better });

/** `0.000871078 * 1e9` leaves dust in the sixteenth digit, which no clock has measured. */
const tidy = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(15)) : value);

export const exact = (value: number): MeasurementData => ({ kind: 'exact', value: tidy(value) });

/** A number with the interval that the other tool gave. Bounds that it did not give are infinite. */
export const stated = (
  tool: string,
  value: number,
  bounds: { readonly lo?: number; readonly hi?: number; readonly confidence?: number } = {},
): MeasurementData => ({
  kind: 'estimate',
  estimate: {
    value: tidy(value),
    lo: tidy(bounds.lo ?? -Infinity),
    hi: tidy(bounds.hi ?? Infinity),
    confidence: bounds.confidence ?? 0,
    method: `stated by ${tool}`,
    warnings: [],
  },
});

/** One number of one metric: the file is one round. */
export const valueOf = (metric: Metric, data: MeasurementData): ForeignValue => ({ metric, rounds: [data] });

/** Samples in files are capped, so that a run stays a file that people can open. */
export const mostSamples = 10_000;

/** Evenly chosen, in their order: sorted or not, the quantiles stay. */
export function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= mostSamples) return values;
  const step = values.length / mostSamples;
  return Array.from({ length: mostSamples }, (_, i) => values[Math.floor((i + 0.5) * step)]!);
}

export const sampleOf = (values: readonly number[]): MeasurementData => ({
  kind: 'sample',
  values: thinned(values).map(tidy),
});

/** Fields of a summary, each as a metric of its own: `{ p99: 'p99' }` of `time` is `time-p99`. */
export type Statistics = Readonly<Record<string, string>>;

/**
 * The statistics that a summary holds, in the order wanted; those that are absent or null are left out.
 *
 * @param scale from the unit of the file to the base unit
 */
export function summaryValues(place: Place, base: Metric, scale: number, statistics: Statistics): ForeignValue[] {
  return Object.entries(statistics).flatMap(([key, statistic]) => {
    const field = place.field(key);
    if (!field.present) return [];
    return [valueOf({ ...base, id: `${base.id}-${statistic}` }, exact(field.amount() * scale))];
  });
}
