import { metrics } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun } from '../../test/support/build-run.ts';
import { viewBenchmarks } from './benchmark-view.ts';
import { viewParts } from './part-view.ts';

const ms = 1e6;

/** So many values of 1 ms and one of `slowest`. */
const times = (metric: string, count: number, slowest: number) =>
  ({ metric, data: { kind: 'sample', values: [...Array<number>(count - 1).fill(ms), slowest * ms] } }) as const;

test.each([
  ['all have enough values for their p90', 40, 40, [0.9, 0.9], ['1 ms', '1 ms']],
  ['one has too few for any percentile: its own greatest', 40, 5, [0.9, 1], ['1 ms', '7 ms']],
  ['all have too few: the greatest of each', 9, 5, [1, 1], ['9 ms', '7 ms']],
])('%s', (_, many, count, qs, tails) => {
  const named = (id: string) => ({ ...metrics.responseTime, id });
  const run = buildRun([
    {
      ...{ id: 'a', kind: 'load', rounds: 1 },
      metrics: [metrics.responseTime, named('browse.response-time'), named('pay.response-time')],
      measure: () => [
        times('response-time', 80, 9),
        times('browse.response-time', many, 9),
        times('pay.response-time', count, 7),
      ],
    },
  ]);
  const parts = viewParts(viewBenchmarks(run)[0]!);
  expect(parts.map(({ name, q, tailText }) => [name, q, tailText])).toEqual([
    ['browse', qs[0], tails[0]],
    ['pay', qs[1], tails[1]],
  ]);
});
