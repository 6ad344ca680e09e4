import { describe, expect, it } from 'vitest';
import type { Objective } from './objective-syntax.ts';
import { parseObjective } from './objective.ts';
import { metrics } from './metric.ts';

// NoInfer, as in every noun: otherwise a misspelt statistic would be taken for a metric of one's own.
const objectives = <Custom extends string = never>(...list: Objective<NoInfer<Custom>>[]): string[] => list;

describe('the compiler reads objectives', () => {
  it('and accepts only those that are read the same way at run time', () => {
    const scope = {
      metrics: [metrics.responseTime, metrics.throughput, metrics.errors, metrics.growth, metrics.heap, metrics.rss],
      primary: metrics.responseTime.id,
    };
    const list = objectives(
      'p99 < 200ms',
      'p99.9 <= 1.5s',
      'median < 5us',
      'median < 5 us',
      'mean > 10ns',
      'min >= 1ns',
      'max < 1h',
      'throughput >= 100/s',
      'throughput > 6000/m',
      'errors = 0',
      'errors < 0.1%',
      'growth < 64B/op',
      'heap < 64MB',
      'rss <= 512MiB',
    );
    expect(list.map((source) => parseObjective(source, scope).source)).toEqual(list);
  });

  it('and refuses the usual mistakes: each of these lines is a compile error', () => {
    const wrong = [
      // @ts-expect-error a time needs a unit
      ...objectives('p99 < 200'),
      // @ts-expect-error a duration is a number and a unit
      ...objectives('p99 < 200 milliseconds'),
      // @ts-expect-error a promise compares
      ...objectives('100rps'),
      // @ts-expect-error rates are written by time
      ...objectives('throughput >= 100rps'),
      // @ts-expect-error a rate has no lower side to promise
      ...objectives('throughput < 100/s'),
      // @ts-expect-error a share needs its sign
      ...objectives('errors < 1'),
      // @ts-expect-error a share is no time
      ...objectives('errors < 5ms'),
      // @ts-expect-error growth is by something
      ...objectives('growth < 64B'),
      // @ts-expect-error a size is no time
      ...objectives('heap < 200ms'),
      // @ts-expect-error nobody knows this metric
      ...objectives('latency < 200ms'),
      // @ts-expect-error this does not compare
      ...objectives('p99 == 200ms'),
      // @ts-expect-error spaces are part of the sentence
      ...objectives('p99<200ms'),
      // @ts-expect-error a percentile has a number
      ...objectives('pxx < 200ms'),
      // @ts-expect-error a metric of one's own is known only where it is named
      ...objectives<'cacheHits'>('cacheMisses > 70%'),
    ];
    expect(wrong).toHaveLength(14);
    expect(objectives<'cacheHits'>('cacheHits > 70%', 'cacheHits = 3')).toHaveLength(2);
  });
});
