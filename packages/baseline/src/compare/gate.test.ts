import { metrics, type BenchmarkPlan } from '@perfkeel/core';
import { samplePlan } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { gatesOf, statisticLabel } from './gate.ts';

const namesOf = (plan: Partial<BenchmarkPlan>): string[] =>
  gatesOf(samplePlan(plan)).map(({ metric, statistic }) => `${metric.id} ${statisticLabel(statistic)}`);

const load = [metrics.responseTime, metrics.serviceTime, metrics.throughput, metrics.errors];

describe('what decides a comparison', () => {
  it.each<[string, Partial<BenchmarkPlan>, string[]]>([
    [
      'the median, when nobody promised anything',
      { metrics: [metrics.responseTime], objectives: [] },
      ['response-time p50'],
    ],
    [
      'the quantiles that are promised, each once',
      { metrics: [metrics.responseTime], objectives: ['p99 < 1s', 'p99.9 <= 2s', 'p99 < 2s', 'median < 1ms'] },
      ['response-time p99', 'response-time p99.9', 'response-time p50'],
    ],
    [
      'the extremes and the mean, when they are promised, and the median, which is seldom too noisy to decide',
      { metrics: [metrics.responseTime], objectives: ['max < 1s', 'min < 1s', 'mean < 1s'] },
      ['response-time max', 'response-time min', 'response-time mean', 'response-time p50'],
    ],
    [
      'of what is promised beside the primary metric, only what is promised',
      { metrics: load, objectives: ['p99 < 1s', 'p90 of service-time < 1s'] },
      ['response-time p99', 'service-time p90', 'errors p50', 'response-time p50'],
    ],
    [
      'the 10th percentile of a micro-benchmark, whatever is promised',
      { kind: 'bench', metrics: [metrics.timePerOperation], primary: 'time', objectives: ['p99 < 1ms'] },
      ['time p10'],
    ],
    [
      'the median of a start-up',
      { kind: 'startup', metrics: [metrics.startupTime], primary: 'startup-time', objectives: ['p95 < 1s'] },
      ['startup-time p50'],
    ],
    [
      'the median of a kind that is named like a property of every object',
      { kind: 'constructor', metrics: [metrics.responseTime], objectives: [] },
      ['response-time p50'],
    ],
    [
      'failures always, the rest when it is promised',
      { metrics: load, objectives: ['throughput >= 100/s'] },
      ['response-time p50', 'throughput p50', 'errors p50'],
    ],
    [
      'what it says that it is compared by',
      {
        kind: 'startup',
        metrics: [metrics.startupTime, metrics.cpuTime, metrics.maxRss],
        primary: 'startup-time',
        comparedBy: ['cpu-time'],
        objectives: ['max-rss < 64MB', 'p95 < 2s'],
      },
      ['cpu-time p50', 'max-rss p50'],
    ],
    ['nothing that has no good direction', { metrics: [{ ...metrics.responseTime, better: 'neither' }] }, []],
    [
      'nothing that an unreadable promise names',
      { metrics: [metrics.responseTime], objectives: ['p99 << 1s', 'latency < 1s'] },
      ['response-time p50'],
    ],
  ])('%s', (_what, plan, gates) => {
    expect(namesOf(plan)).toEqual(gates);
  });
});
