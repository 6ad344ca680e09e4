import { metrics } from '@perfkeel/core';
import type { ForeignValue } from '../foreign.ts';
import { sampleOf, stated, summaryValues, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';

const millisecond = 1e6;

const statistics = { p50: 'median', median: 'median', min: 'min', p75: 'p75', p99: 'p99', p999: 'p99.9', max: 'max' };

/** The mean with its margin of error, as tinybench computes it: a 95 % interval of Student. */
function meanOf(latency: Place): ForeignValue[] {
  const [mean, margin] = [latency.field('mean'), latency.field('moe')];
  if (!mean.present) return [];
  const [value, half] = [mean.amount() * millisecond, margin.present ? margin.amount() * millisecond : Infinity];
  const data = stated('tinybench', value, {
    lo: Math.max(0, value - half),
    hi: value + half,
    confidence: margin.present ? 0.95 : 0,
  });
  return [valueOf({ ...metrics.timePerOperation, id: 'time-mean' }, data)];
}

/**
 * Times per operation of tinybench, in milliseconds: samples where the file kept them, else its summary, the median
 * first. The rate is left out: it is the inverse of the mean or the mean of inverses, as versions differ.
 */
export function timesOf(latency: Place): ForeignValue[] {
  const samples = latency.field('samples');
  if (samples.present && samples.items().length > 0) {
    const values = samples.amounts().map((value) => value * millisecond);
    return [valueOf(metrics.timePerOperation, sampleOf(values))];
  }
  const summary = summaryValues(latency, metrics.timePerOperation, millisecond, statistics);
  // Both names of the median are in some versions.
  const unique = [...new Map(summary.map((value) => [value.metric.id, value])).values()];
  const [first, ...rest] = unique;
  return first?.metric.id === 'time-median' ? [first, ...meanOf(latency), ...rest] : [...meanOf(latency), ...unique];
}
