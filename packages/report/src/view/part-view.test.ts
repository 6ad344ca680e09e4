import { metrics } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun } from '../../test/support/build-run.ts';
import { partsFigure } from '../html/breakdown-figures.ts';
import { viewBenchmarks } from './benchmark-view.ts';
import { viewParts } from './part-view.ts';

const ms = 1e6;

/** So many values of 1 ms and one of `slowest`. */
const times = (metric: string, count: number, slowest: number) =>
  ({ metric, data: { kind: 'sample', values: [...Array<number>(count - 1).fill(ms), slowest * ms] } }) as const;

/** A load of two parts with so many requests. */
function loadOf(browse: number, pay: number) {
  const named = (id: string) => ({ ...metrics.responseTime, id });
  const run = buildRun([
    {
      ...{ id: 'a', kind: 'load', rounds: 1 },
      metrics: [metrics.responseTime, named('browse.response-time'), named('pay.response-time')],
      measure: () => [
        times('response-time', 80, 9),
        times('browse.response-time', browse, 9),
        times('pay.response-time', pay, 7),
      ],
    },
  ]);
  return viewBenchmarks(run)[0]!;
}

test.each([
  ['all have enough values for their p90', 40, 40, [0.9, 0.9], ['1 ms', '1 ms']],
  ['one has too few for any percentile: its own greatest', 40, 5, [0.9, 1], ['1 ms', '7 ms']],
  ['all have too few: the greatest of each', 9, 5, [1, 1], ['9 ms', '7 ms']],
])('%s', (_, many, count, qs, tails) => {
  const parts = viewParts(loadOf(many, count));
  expect(parts.map(({ name, q, tailText }) => [name, q, tailText])).toEqual([
    ['browse', qs[0], tails[0]],
    ['pay', qs[1], tails[1]],
  ]);
});

test('the drawing and its table name the greatest of a part with few values as that', () => {
  const figure = partsFigure(loadOf(40, 5), 'x');
  expect(figure).toContain('browse 1 ms, p90 1 ms; pay 1 ms, max 7 ms');
  expect(figure).toContain('its end the p90, or the max of few values.');
  expect(figure).toMatch(/>p90<\/th>[^]*>browse<[^]*>1 ms<\/td>[^]*>pay<[^]*>max 7 ms<\/td>/);
  expect(partsFigure(loadOf(9, 5), 'x')).toContain('its end the max.');
});
