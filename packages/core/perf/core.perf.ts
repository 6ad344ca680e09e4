import {
  createHistogram,
  createRng,
  distributionOf,
  metrics,
  parseObjective,
  type MeasurementData,
} from '@perfkeel/core';
import { bench } from 'perfkeel';

// What a measured process pays for every operation that it records, and a run for every objective that it judges.
// The limits are generous: they catch a mistake of an order of magnitude, on any machine.
const rng = createRng(1);
const values = Array.from({ length: 4096 }, () => 1e6 * (1 + rng()));
const histogram = createHistogram();

let next = 0;
bench('recording one value into a histogram', {
  run: () => histogram.record(values[(next = (next + 1) % values.length)]!),
  objectives: ['median < 5us'],
});

const filled = createHistogram();
for (const value of values) filled.record(value);
bench('p99 of a histogram', {
  run: () => filled.quantile(0.99),
  objectives: ['median < 2ms'],
});

const rounds: MeasurementData[] = [{ kind: 'sample', values }];
bench('p99 of a sample of 4096', {
  run: () => distributionOf(rounds)?.quantile(0.99),
  objectives: ['median < 20ms'],
});

const scope = { metrics: [metrics.responseTime, metrics.errors], primary: metrics.responseTime.id };
bench('reading one objective', {
  run: () => parseObjective('p99.9 < 200ms', scope),
  objectives: ['median < 100us'],
});
