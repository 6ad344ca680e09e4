import { extentOf, greatestOf } from '../view/extent.ts';
import { logBins, type WeightedValues } from '../view/weighted-values.ts';

/** Heights in [0, 1] as a row of bars; what is not nothing is never drawn as nothing. */
export function barRow(heights: readonly number[], bars: readonly string[]): string {
  const top = bars.length - 1;
  return heights
    .map((height) => (height > 0 ? bars[Math.min(Math.max(Math.round(height * top), 1), top)]! : bars[0]!))
    .join('');
}

/** A histogram on a logarithmic axis, `size` columns wide. */
export function histogramRow(values: WeightedValues, size: number, bars: readonly string[]): string {
  const { counts } = logBins(values, size);
  const highest = greatestOf(counts);
  return barRow(
    counts.map((count) => count / highest),
    bars,
  );
}

/** The least span of a sparkline relative to its middle: a steady series must not look violent. */
const leastSpan = 0.2;

/** Values over time, `size` columns at most; every column is the mean of its share. */
export function sparkline(values: readonly number[], size: number, bars: readonly string[]): string {
  const columns = Math.min(size, values.length);
  const means = Array.from({ length: columns }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / columns),
      Math.floor(((i + 1) * values.length) / columns),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const [low, high] = extentOf(means);
  const middle = (low + high) / 2;
  const span = Math.max(high - low, Math.abs(middle) * leastSpan) || 1;
  const drawn = bars.slice(1);
  const place = (mean: number): number => (mean - (middle - span / 2)) / span;
  return means.map((mean) => drawn[Math.round(place(mean) * (drawn.length - 1))]!).join('');
}
