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
  ['all have enough values for their p90', 40, 0.9, ['1 ms', '1 ms']],
  ['one has too few for any percentile: the greatest of all', 5, 1, ['9 ms', '7 ms']],
])('%s', (_, count, q, tails) => {
  const named = (id: string) => ({ ...metrics.responseTime, id });
  const run = buildRun([
    {
      ...{ id: 'a', kind: 'load', rounds: 1 },
      metrics: [metrics.responseTime, named('browse.response-time'), named('pay.response-time')],
      measure: () => [
        times('response-time', 80, 9),
        times('browse.response-time', 40, 9),
        times('pay.response-time', count, 7),
      ],
    },
  ]);
  const parts = viewParts(viewBenchmarks(run)[0]!);
  expect(parts.map(({ name, q, tailText }) => [name, q, tailText])).toEqual([
    ['browse', q, tails[0]],
    ['pay', q, tails[1]],
  ]);
});
