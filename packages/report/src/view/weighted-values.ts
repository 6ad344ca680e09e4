import { createHistogram, highestOf, sorted, type HistogramData, type MeasurementData } from '@perfkeel/core';
import type { MetricView } from './benchmark-view.ts';

/** Values in ascending order with how often each was seen. */
export interface WeightedValues {
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly total: number;
}

/** The values of all rounds together; `undefined` when there are none. */
export function weightedValues(rounds: readonly MeasurementData[]): WeightedValues | undefined {
  const samples = rounds
    .filter((data) => data.kind === 'sample')
    .flatMap((data) => data.values)
    .filter(Number.isFinite);
  if (samples.length > 0) {
    return { values: sorted(samples), counts: samples.map(() => 1), total: samples.length };
  }
  const histograms = rounds.filter((data) => data.kind === 'histogram').map((data) => data.histogram);
  return histograms.some(({ count }) => count > 0) ? fromHistograms(histograms) : undefined;
}

const pooled = new WeakMap<MetricView, WeightedValues | undefined>();

/** The values of all rounds of a metric. Merging histograms is slow, several drawings ask, and a view never changes. */
export function valuesOf(view: MetricView): WeightedValues | undefined {
  if (!pooled.has(view)) pooled.set(view, weightedValues(view.rounds.map(({ data }) => data)));
  return pooled.get(view);
}

function fromHistograms(parts: readonly HistogramData[]): WeightedValues {
  const { cells, count, max } = createHistogram(...parts).toData();
  const values: number[] = [];
  const counts: number[] = [];
  let cell = 0;
  for (let i = 0; i < cells.length; i += 2) {
    cell += cells[i]!;
    values.push(Math.min(highestOf(cell), max));
    counts.push(cells[i + 1]!);
  }
  return { values, counts, total: count };
}

/** Points [share of all values that is no greater, value], ascending; the last share is 1. */
export function quantilePoints({ values, counts, total }: WeightedValues): readonly (readonly [number, number])[] {
  let seen = 0;
  return values.map((value, i) => {
    seen += counts[i]!;
    return [seen / total, value] as const;
  });
}

/** Counts in `size` bins of equal width on a logarithmic axis from the smallest to the largest value. */
export interface LogBins {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** Values at or below 0 have no logarithm and count in the first bin. A single value fills the middle bin. */
export function logBins({ values, counts }: WeightedValues, size: number): LogBins {
  const from = values.find((value) => value > 0) ?? 0;
  const to = values.at(-1) ?? 0;
  const bins = Array.from({ length: size }, () => 0);
  const width = Math.log(to / from) / size;
  const binOf = (value: number): number => {
    if (!(width > 0)) return size >> 1;
    return value <= from ? 0 : Math.min(Math.floor(Math.log(value / from) / width), size - 1);
  };
  values.forEach((value, i) => {
    const bin = binOf(value);
    bins[bin] = bins[bin]! + counts[i]!;
  });
  return { from: values[0] ?? 0, to, counts: bins };
}
