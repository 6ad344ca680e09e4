import {
  createHistogram,
  createRng,
  metrics,
  normalQuantile,
  type Estimate,
  type HistogramData,
  type Metric,
  type RoundMeasurement,
} from '@perfkeel/core';
import type { Draft } from './build-run.ts';

const ms = 1e6;

/** Numbers as times are: skewed to the right, `spread` in units of the logarithm. */
export function lognormal(seed: number, count: number, middle: number, spread: number): readonly number[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => middle * Math.exp(spread * normalQuantile(0.0005 + 0.999 * rng())));
}

function histogramOf(values: readonly number[]): HistogramData {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram.toData();
}

export interface LoadShape {
  readonly middle?: number;
  readonly spread?: number;
  readonly requests?: number;
  readonly errors?: number;
  readonly lagWarning?: boolean;
  readonly dropped?: number;
}

/** A load on a real API: response times, how late the generator was, throughput and errors. */
export function load(id: string, objectives: readonly string[], shape: LoadShape = {}): Draft {
  const { middle = 22 * ms, spread = 0.75, requests = 6000, errors = 0, lagWarning = false, dropped = 0 } = shape;
  const warnings = lagWarning ? [{ code: 'late', message: 'requests were sent up to 12 ms late' }] : [];
  const measure = (round: number): readonly RoundMeasurement[] => [
    {
      metric: 'response-time',
      data: { kind: 'histogram', histogram: histogramOf(lognormal(100 + round, requests, middle, spread)) },
      warnings,
      dropped,
    },
    {
      metric: 'schedule-lag',
      data: { kind: 'histogram', histogram: histogramOf(lognormal(200 + round, requests, 0.1 * ms, 0.6)) },
    },
    { metric: 'throughput', data: { kind: 'exact', value: 100 + 0.02 * round } },
    { metric: 'errors', data: { kind: 'count', events: errors, trials: requests } },
  ];
  const { responseTime, scheduleLag, throughput, errors: errorShare } = metrics;
  return {
    id,
    kind: 'load',
    rounds: 3,
    metrics: [responseTime, scheduleLag, throughput, errorShare],
    objectives,
    measure,
  };
}

/** Alternatives of one thing: time per operation, five rounds. */
export function parser(id: string, middle: number, objectives: readonly string[] = []): Draft {
  return {
    id,
    group: 'parse 1 000 lines of csv',
    objectives,
    measure: (round) => [
      {
        metric: 'time',
        data: { kind: 'sample', values: lognormal(300 + round, 120, middle * (1 + 0.004 * round), 0.06) },
      },
    ],
  };
}

const heapAfterGc: Metric = { id: 'heap-after-gc', unit: 'B', better: 'neither' };

/** A leak test: its estimate of growth, and the heap after every collection. */
export function leak(id: string, growth: Omit<Estimate, 'method' | 'warnings'>, options: Partial<Draft> = {}): Draft {
  const rng = createRng(5);
  const points = Array.from({ length: 48 }, (_, i) => {
    const heap = 8.2e6 + growth.value * 400 * i + 24e3 * (rng() - 0.5);
    return [i * 125e6, Math.round(heap)] as const;
  });
  const estimate: Estimate = { ...growth, method: 'Theil-Sen slope', warnings: [] };
  return {
    id,
    kind: 'leak',
    rounds: 1,
    metrics: [metrics.growth, metrics.heap, metrics.rss, heapAfterGc],
    quantiles: false,
    objectives: ['growth < 16B/op'],
    measure: () => [
      { metric: 'growth', data: { kind: 'estimate', estimate } },
      { metric: 'heap', data: { kind: 'exact', value: points.at(-1)![1] } },
      { metric: 'rss', data: { kind: 'exact', value: 61e6 } },
      { metric: 'heap-after-gc', data: { kind: 'series', points } },
    ],
    ...options,
  };
}

/** A start-up test: one time a round. */
export function startup(id: string, times: readonly number[], objectives: readonly string[]): Draft {
  return {
    id,
    kind: 'startup',
    rounds: times.length,
    metrics: [metrics.startupTime],
    objectives,
    measure: (round) => [{ metric: 'startup-time', data: { kind: 'sample', values: [times[round]! * ms] } }],
  };
}
