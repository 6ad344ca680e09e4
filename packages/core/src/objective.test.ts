import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { metrics, type Metric } from './metric.ts';
import {
  namedMetricId,
  parseObjective,
  windowMetricId,
  type ObjectiveScope,
  type ParsedObjective,
} from './objective.ts';

const load: ObjectiveScope = {
  metrics: [
    metrics.responseTime,
    metrics.throughput,
    metrics.errors,
    metrics.firstByte,
    { id: 'backend', unit: 'ns', better: 'lower', part: { of: 'response-time', component: 'backend' } },
    { id: 'cacheHits', unit: 'ratio', better: 'higher' },
    { id: 'retries', unit: 'count', better: 'lower' },
  ],
  primary: metrics.responseTime.id,
};
const leak: ObjectiveScope = { metrics: [metrics.growth, metrics.heap] };

describe('an objective of any window', () => {
  const id = windowMetricId('p99', '10s');
  const scope: ObjectiveScope = { ...load, metrics: [...load.metrics, { id, unit: 'ns', better: 'lower' }] };

  it('speaks of the worst one of a round, which is one number', () => {
    expect(parseObjective('p99 of any  10s window<20ms', scope)).toMatchObject({
      ...{ metric: 'p99-of-any-10s-window', unit: 'ns', comparator: '<', limit: 20e6, statistic: { kind: 'value' } },
    });
  });

  it.each(['p95 of any 10s window < 1s', 'p99 of any 5s window < 1s', 'errors of any 10s window < 1%'])(
    'needs what is measured in windows: %s',
    (source) => {
      const error = failureOf(() => parseObjective(source, scope));
      expect([error.code, error.message]).toEqual([
        'bad-objective',
        `${JSON.stringify(source)} is not an objective: nothing here is measured in windows`,
      ]);
    },
  );
});

describe('an objective of something by its name', () => {
  const growthOf = (name: string): Metric => ({ id: namedMetricId('growth', name), unit: 'B/op', better: 'lower' });
  const scope: ObjectiveScope = { metrics: [...leak.metrics, growthOf('switch'), growthOf('first-byte')] };

  it('is about the metric of that name', () => {
    expect(parseObjective('growth of switch < 64B/op', scope)).toMatchObject({
      ...{ source: 'growth of switch < 64B/op', metric: 'growth-of-switch', unit: 'B/op', limit: 64 },
      statistic: { kind: 'value' },
    });
    expect(parseObjective(' growth  of first-byte<1B/op', scope).metric).toBe('growth-of-first-byte');
    expect(parseObjective('growth-of-switch < 64B/op', scope).metric).toBe('growth-of-switch');
    expect(parseObjective('growth < 64B/op', scope).metric).toBe('growth');
  });

  it.each([
    ['growth of swich < 1B/op', scope, 'no growth of "swich" is measured', 'Did you mean "growth of switch < 1B/op"?'],
    [
      'growth of the-rest < 1B/op',
      scope,
      'no growth of "the-rest" is measured',
      'Here is "growth of switch", "growth of first-byte".',
    ],
    [
      'growth of switch < 1B/op',
      leak,
      'growth is measured as a whole, and not of "switch"',
      'Leave out "of switch", or declare what "switch" is.',
    ],
  ])('needs one that there is: %s', (source, scope, message, hint) => {
    const error = failureOf(() => parseObjective(source, scope));
    expect(error.message).toBe(`${JSON.stringify(source)} is not an objective: ${message}`);
    expect(error.hint).toBe(hint);
  });
});

describe('parseObjective', () => {
  it.each<[string, string, Partial<ParsedObjective>]>([
    [
      'a percentile',
      'p99 < 200ms',
      { metric: 'response-time', unit: 'ns', comparator: '<', limit: 200e6, statistic: { kind: 'quantile', q: 0.99 } },
    ],
    [
      'with a decimal, exactly',
      'p99.9 <= 1s',
      { comparator: '<=', limit: 1e9, statistic: { kind: 'quantile', q: 0.999 } },
    ],
    ['the lowest', 'p0 > 1ns', { comparator: '>', statistic: { kind: 'quantile', q: 0 } }],
    ['the highest', 'p100 < 1s', { statistic: { kind: 'quantile', q: 1 } }],
    ['median', 'median < 5us', { limit: 5e3, statistic: { kind: 'quantile', q: 0.5 } }],
    ['min', 'min >= 1ns', { comparator: '>=', statistic: { kind: 'quantile', q: 0 } }],
    ['max', 'max < 1m', { limit: 60e9, statistic: { kind: 'quantile', q: 1 } }],
    ['mean', 'mean < 1ms', { statistic: { kind: 'mean' } }],
    ['a rate', 'throughput >= 6000/m', { metric: 'throughput', unit: '1/s', limit: 100, statistic: { kind: 'value' } }],
    ['a share', 'errors < 0.1%', { metric: 'errors', unit: 'ratio', limit: 0.001 }],
    ['zero needs no unit', 'errors = 0', { comparator: '=', limit: 0, unit: 'ratio' }],
    ['a share of its own', 'cacheHits > 70%', { metric: 'cacheHits', limit: 0.7 }],
    ['a count of its own', 'retries <= 3', { metric: 'retries', limit: 3, unit: 'count' }],
    ['spaces do not matter', '  p99<200 ms ', { limit: 200e6 }],
    [
      'a percentile of another time',
      'p99 of first-byte < 20ms',
      { metric: 'first-byte', unit: 'ns', limit: 20e6, statistic: { kind: 'quantile', q: 0.99 } },
    ],
    ['the mean of the primary one, named', 'mean of response-time < 20ms', { metric: 'response-time' }],
  ])('reads %s: %s', (_, source, wanted) => {
    expect(parseObjective(source, load)).toMatchObject({ source, ...wanted });
  });

  it.each<[string, string, Partial<ParsedObjective>]>([
    ['growth', 'growth < 64B/op', { metric: 'growth', unit: 'B/op', limit: 64 }],
    ['which may be negative', 'growth < -1B/op', { limit: -1 }],
    ['the heap', 'heap < 64MB', { metric: 'heap', unit: 'B', limit: 64e6 }],
  ])('reads %s: %s', (_, source, wanted) => {
    expect(parseObjective(source, leak)).toMatchObject({ source, ...wanted });
  });

  it.each<[string, string, ObjectiveScope, string, string]>([
    [
      'a time that is not measured',
      'p99 of firstbyte < 1ms',
      load,
      'no time here is called "firstbyte"',
      'Did you mean "p99 of first-byte < 1ms"?',
    ],
    [
      'a component without a statistic',
      'backend < 50ms',
      load,
      '"backend" has many values',
      'Say which: "p99 of backend < 200ms" or "median of backend < 200ms".',
    ],
    [
      'a share of many values',
      'p99 of errors < 1%',
      load,
      'no time here is called "errors"',
      'The times here are response-time, first-byte, backend.',
    ],
    [
      'a word of a time',
      'worst of first-byte < 1ms',
      load,
      '"worst" is no statistic',
      'Write "p99 of first-byte < 200ms", or median, mean, min, max.',
    ],
    ['words', 'fast', load, 'it needs a statistic, a comparator and a limit', 'Write it as "p99 < 200ms".'],
    ['nothing', '', load, 'it needs a statistic, a comparator and a limit', 'Write it as "p99 < 200ms".'],
    ['no limit', 'p99 <', load, 'it needs a statistic, a comparator and a limit', 'Write it as "p99 < 200ms".'],
    [
      'an unknown word',
      'latency < 5ms',
      load,
      'nothing here is called "latency"',
      'This benchmark measures p99, median, mean, min, max, throughput, errors, first-byte, backend, cacheHits, retries.',
    ],
    [
      'a word with a slip',
      'throughputs >= 1/s',
      load,
      'nothing here is called "throughputs"',
      'Did you mean "throughput >= 1/s"? This benchmark measures p99,',
    ],
    ['another way to write 99.9', 'p999 < 5ms', load, 'nothing here is called "p999"', 'Did you mean "p99.9 < 5ms"?'],
    ['a percentile above 100', 'p101 < 5ms', load, 'nothing here is called "p101"', 'This benchmark measures p99,'],
    [
      'a percentile where there is no distribution',
      'p99 < 5ms',
      leak,
      'nothing here is called "p99"',
      'This benchmark measures growth, heap.',
    ],
    [
      'a distribution without a statistic',
      'response-time < 5ms',
      load,
      '"response-time" has many values',
      'Say which: "p99 < 200ms" or "median < 200ms".',
    ],
    [
      'no unit',
      'p99 < 200',
      load,
      'response-time is measured in time, and "200" is a number without a unit',
      'Did you mean "p99 < 200ms"?',
    ],
    [
      'no unit, and the number stands elsewhere too',
      'p99 < 99',
      load,
      '"99" is a number without a unit',
      'Did you mean "p99 < 99ms"?',
    ],
    [
      'a share without its sign',
      'errors < 1',
      load,
      'errors is measured in per cent, and "1" is a number without a unit',
      'Did you mean "errors < 1%"?',
    ],
    [
      'another unit',
      'p99 < 5MB',
      load,
      'response-time is measured in time, and "5MB" is in bytes',
      'Write a limit such as "200ms".',
    ],
    [
      'growth by something else',
      'growth < 1MB/h',
      leak,
      'growth is measured in bytes per operation, and "1MB/h" is in bytes per second',
      'Write a limit such as "64B/op".',
    ],
    [
      'a unit that there is not',
      'throughput > 100rps',
      load,
      '"100rps" is not a quantity',
      'Write a limit such as "100/s".',
    ],
    ['a comparator of a program', 'errors == 0', load, '"==" compares nothing', 'Did you mean "errors = 0"?'],
    ['a comparator the wrong way round', 'p99 =< 5ms', load, '"=<" compares nothing', 'Did you mean "p99 <= 5ms"?'],
    ['a comparator of a book', 'p99 ≤ 5ms', load, '"≤" compares nothing', 'Did you mean "p99 <= 5ms"?'],
    ['an inequality', 'errors != 0', load, '"!=" compares nothing', 'Compare with <, <=, >, >=, =.'],
    ['a time below 0', 'p99 < -5ms', load, 'response-time is never below 0', 'Write a limit such as "200ms".'],
  ])('refuses %s: %s', (_, source, scope, message, hint) => {
    const error = failureOf(() => parseObjective(source, scope));
    expect(error).toMatchObject({ code: 'bad-objective', exitCode: 2, excerpt: source });
    expect(error.message).toContain(`${JSON.stringify(source)} is not an objective: `);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it.each([5, null, undefined, { p99: '200ms' }])('refuses what is no text: %j', (source) => {
    const error = failureOf(() => parseObjective(source as unknown as string, load));
    expect(error).toMatchObject({ code: 'bad-objective', exitCode: 2 });
  });
});
