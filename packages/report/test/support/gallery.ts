import { metrics, type Comparison, type Metric, type Report, type RoundMeasurement } from '@perfkeel/core';
import { buildRun, type Draft } from './build-run.ts';
import { leak, load, lognormal, parser } from './drafts.ts';
import { comparison } from './fixtures.ts';

const ms = 1e6;
const second = 1e9;

const named = (id: string, unit: Metric['unit'], part?: Metric['part']): Metric => ({
  id,
  unit,
  better: 'neither',
  ...(part ? { part } : {}),
});
const series = (
  metric: string,
  points: readonly (readonly [number, number])[],
  marks?: readonly { readonly at: number; readonly label: string }[],
): RoundMeasurement => ({
  metric,
  data: { kind: 'series', points, ...(marks ? { marks } : {}) },
});
const exact = (metric: string, value: number): RoundMeasurement => ({ metric, data: { kind: 'exact', value } });

/** A load that was recorded over time: rates, a peak, the generator's lag, and all answers as a heatmap. */
function recorded(seconds: number): Draft {
  const base = load('checkout over time', ['p99 < 110ms', 'errors < 1%'], { requests: 3000, errors: 4 });
  const every = Math.max(Math.floor(seconds / 400), 1);
  const times = Array.from({ length: Math.floor(seconds / every) }, (_, i) => (i + 1) * every * second);
  const peak = (i: number): number => (Math.abs(i / times.length - 0.7) < 0.03 ? 6 : 1);
  const line = (value: (i: number) => number) => times.map((at, i) => [at, value(i)] as const);
  const dense = times.flatMap((at, i) =>
    lognormal(i, 16, 22 * ms * (1 + i / times.length) * peak(i), 0.5).map((value) => [at, value] as const),
  );
  const phase = (name: string, middle: number): RoundMeasurement[] => [
    { metric: `${name}.response-time`, data: { kind: 'sample', values: lognormal(3, 300, middle, 0.4) } },
    { metric: `${name}.errors`, data: { kind: 'count', events: 1, trials: 300 } },
  ];
  const courses = [
    series(
      'intended-rate',
      line(() => 100),
    ),
    series(
      'sent-rate',
      line((i) => 100 - (peak(i) > 1 ? 8 : 0)),
    ),
    series(
      'throughput',
      line((i) => 99 - (peak(i) > 1 ? 30 : 0)),
      [
        { at: 5 * second, label: 'warm-up ends' },
        { at: (seconds * second) / 3, label: 'browse' },
        { at: (seconds * second) / 1.5, label: 'spike' },
      ],
    ),
    series(
      'failed-rate',
      line((i) => (peak(i) > 1 ? 12 : 0)),
    ),
    series(
      'response-time',
      line((i) => (60 + (i % 7)) * ms * peak(i)),
    ),
    series(
      'schedule-lag',
      line((i) => (1 + (i % 3)) * ms * peak(i)),
    ),
    series('response-times', dense),
  ];
  const parts = [
    named('browse.response-time', 'ns'),
    named('browse.errors', 'ratio'),
    named('spike.response-time', 'ns'),
    named('spike.errors', 'ratio'),
  ];
  return {
    ...base,
    rounds: 1,
    metrics: [
      ...base.metrics!,
      ...['intended-rate', 'sent-rate', 'failed-rate'].map((id) => named(id, '1/s')),
      named('response-times', 'ns'),
      ...parts,
    ],
    measure: (round) => [...base.measure!(round), ...courses, ...phase('browse', 20 * ms), ...phase('spike', 70 * ms)],
  };
}

function capacity(): Draft {
  const rates = [50, 100, 200, 140, 170, 185, 200, 192];
  const at = (value: (rate: number) => number) => rates.map((rate, i) => [(i + 1) * 4 * second, value(rate)] as const);
  const estimate = { value: 190, lo: 185, hi: 200, confidence: 0.95, method: 'search', warnings: [] };
  return {
    id: 'capacity of one backend',
    kind: 'capacity',
    rounds: 1,
    quantiles: false,
    metrics: [metrics.capacity, named('trial-rate', '1/s'), named('trial-throughput', '1/s'), named('trial-p99', 'ns')],
    measure: () => [
      { metric: 'capacity', data: { kind: 'estimate', estimate } },
      series(
        'trial-rate',
        at((rate) => rate),
      ),
      series(
        'trial-throughput',
        at((rate) => Math.min(rate, 188)),
      ),
      series(
        'trial-p99',
        at((rate) => (rate > 190 ? 600 : 25 + rate / 10) * ms),
      ),
    ],
  };
}

function server(): Draft {
  const times = (middle: number): RoundMeasurement['data'] => ({
    kind: 'sample',
    values: lognormal(9, 4, middle * ms, 0.08),
  });
  return {
    id: 'serve until it answers',
    kind: 'startup',
    rounds: 3,
    metrics: [metrics.startupTime, named('first-output', 'ns'), named('port-open', 'ns')],
    measure: () => [
      { metric: 'startup-time', data: times(240) },
      { metric: 'first-output', data: times(90) },
      { metric: 'port-open', data: times(200) },
    ],
  };
}

function components(): Draft {
  const base = load('GET /orders', [], { requests: 500 });
  const shares = { backend: [0.5, 0.62], route: [0.2, 0.23], serialise: [0.3, 0.15] };
  const names = Object.entries(shares);
  const of = (component: string, q: number): Metric => ({
    ...named(`${component}-of-p${q * 100}`, 'ratio'),
    part: { of: 'response-time', component, q },
  });
  return {
    ...base,
    metrics: [...base.metrics!, ...names.flatMap(([name]) => [of(name, 0.5), of(name, 0.99)])],
    measure: (round) => [
      ...base.measure!(round),
      ...names.flatMap(([name, [usual, tail]]) => [exact(`${name}-of-p50`, usual!), exact(`${name}-of-p99`, tail!)]),
    ],
  };
}

const sized = (implementation: string, cost: (size: number) => number): Draft[] =>
  [16, 4096].map((size) => ({
    id: `index [${implementation}, size=${size}]`,
    variant: { family: 'index', parameters: { implementation, size } },
    rounds: 3,
    measure: (round) => [
      { metric: 'time', data: { kind: 'sample', values: lognormal(size + round, 30, cost(size), 0.02) } },
    ],
  }));

const percentiles = (): readonly Comparison[] => {
  const known = comparison().comparisons.find(({ statistic }) => statistic === 'p99')!;
  const shift = (statistic: string, value: number): Comparison => ({
    ...known,
    statistic,
    effect: { ...known.effect!, value, lo: value - 0.02, hi: value + 0.03 },
    decision: value > 0.05 ? 'regressed' : 'unchanged',
  });
  return [shift('p50', 0.01), shift('p90', 0.04), shift('p95', 0.09), shift('p99', 0.163)];
};

/** Every drawing that a page may hold, over a load of so many seconds. */
export const gallery = (seconds = 60): Report => ({
  run: buildRun([
    recorded(seconds),
    components(),
    capacity(),
    server(),
    leak('subscribe and unsubscribe', { value: 40, lo: 31, hi: 52, confidence: 0.95 }),
    ...sized('tree', (size) => 90 * Math.log2(size)),
    ...sized('list', (size) => 4 * size),
    parser('d3-dsv', 812_000),
    parser('papaparse', 1_090_000),
  ]),
  comparison: { ...comparison(), comparisons: percentiles() },
});
