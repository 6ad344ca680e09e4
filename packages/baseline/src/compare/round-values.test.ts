import { metrics, type MeasurementData, type Metric } from '@perfkeel/core';
import { sampleHistogram, sampleMeasurement } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { exactly, roundsOf, sampleOf } from '../../test/runs-of-rounds.ts';
import { roundValues } from './round-values.ts';

const gateOf = (metric: Metric, q = 0.25) => ({ metric, statistic: { kind: 'quantile', q } as const });
const valuesOf = (metric: Metric, rounds: readonly MeasurementData[], q?: number) =>
  roundValues(roundsOf('parse', metric.id, rounds), 'parse', gateOf(metric, q));

const estimate = (value: number): MeasurementData => ({
  kind: 'estimate',
  estimate: { value, lo: -Infinity, hi: Infinity, confidence: 0.9, method: 'slope', warnings: [] },
});

describe('one number a round', () => {
  it.each<[string, Metric, readonly MeasurementData[], number, readonly number[], string | undefined]>([
    [
      'a quantile of a sample',
      metrics.timePerOperation,
      [sampleOf(4, 1, 3, 2), sampleOf(8, 5, 7, 6)],
      0.25,
      [1, 5],
      'p25',
    ],
    ['the middle of few values', metrics.startupTime, [sampleOf(1, 2), sampleOf(3)], 0.5, [1.5, 3], 'p50'],
    ['what is exact, as it is', metrics.throughput, [exactly(7), exactly(-1)], 0.5, [7, -1], 'value'],
    ['an estimate, as it is', metrics.growth, [estimate(-3), estimate(64)], 0.5, [-3, 64], 'value'],
    [
      'a share of events',
      metrics.errors,
      [
        { kind: 'count', events: 1, trials: 4 },
        { kind: 'count', events: 0, trials: 9 },
      ],
      0.5,
      [0.25, 0],
      'share',
    ],
    ['nothing of an empty sample', metrics.timePerOperation, [sampleOf(), sampleOf(5)], 0.25, [5], 'p25'],
    ['nothing of no trials', metrics.errors, [{ kind: 'count', events: 0, trials: 0 }], 0.5, [], undefined],
    ['nothing of numbers that are none', metrics.growth, [estimate(NaN), exactly(Infinity)], 0.5, [], undefined],
    ['nothing of a series', metrics.heap, [{ kind: 'series', points: [[0, 1]] }], 0.5, [], undefined],
  ])('is %s', (_what, metric, rounds, q, values, statistic) => {
    const found = valuesOf(metric, rounds, q);
    expect(found.values).toEqual(values);
    expect(found.statistic).toBe(statistic);
  });

  it('is a quantile of a histogram', () => {
    const [value] = valuesOf(metrics.responseTime, [sampleHistogram(1e6, 10_000, 7)], 0.5).values;
    expect(value).toBeGreaterThan(0.97e6);
    expect(value).toBeLessThan(1.03e6);
  });

  it('is a mean, when that is what counts', () => {
    const rounds = roundsOf('parse', 'time', [sampleOf(1, 2, 6)]);
    const gate = { metric: metrics.timePerOperation, statistic: { kind: 'mean' } as const };
    expect(roundValues(rounds, 'parse', gate)).toMatchObject({ values: [3], statistic: 'mean' });
  });

  it('is one, however often a round spoke, in the order of rounds, of this benchmark and metric only', () => {
    const part = (round: number, value: number, more = {}) =>
      sampleMeasurement({ benchmark: 'parse', metric: 'time', round, data: sampleOf(value), ...more });
    const measurements = [
      part(1, 9),
      part(0, 1),
      part(0, 3),
      part(0, 100, { benchmark: 'other' }),
      part(0, 100, { metric: 'errors' }),
    ];
    expect(roundValues(measurements, 'parse', gateOf(metrics.timePerOperation, 0.5)).values).toEqual([2, 9]);
  });

  it.each<[string, Metric, MeasurementData, boolean]>([
    ['counts that are exact', { id: 'queries', unit: 'count', better: 'lower' }, exactly(1), true],
    ['bytes of a heap', metrics.heap, exactly(1), false],
    ['bytes of a process', metrics.rss, exactly(1), false],
    ['bytes an operation', metrics.growth, exactly(1), false],
    ['a rate', metrics.throughput, exactly(1), false],
    ['a time', metrics.startupTime, exactly(1), false],
    ['counts that were sampled', { id: 'queries', unit: 'count', better: 'lower' }, sampleOf(1), false],
    ['a share of failures', metrics.errors, { kind: 'count', events: 0, trials: 1 }, false],
  ])('knows whether machines matter: %s', (_what, metric, data, independent) => {
    expect(valuesOf(metric, [data, data]).machineIndependent).toBe(independent);
  });
});
