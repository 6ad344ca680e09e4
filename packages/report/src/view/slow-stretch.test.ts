import { metrics } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun } from '../../test/support/build-run.ts';
import { viewBenchmarks } from './benchmark-view.ts';
import { slowStretchText } from './slow-stretch.ts';

const second = 1e9;
const marks = [0.5, 2, 3.2, 9].map((at) => ({ at: at * second, label: `at ${at}` }));

/** Of rounds in which the p99 of each second was so many milliseconds. */
const textOf = (...rounds: readonly (readonly number[])[]): string | undefined => {
  const measure = (round: number) =>
    (['throughput', 'response-time'] as const).map((metric) => {
      const points = rounds[round]!.map((value, i) => [(i + 1) * second, value * 1e6] as const);
      return { metric, data: { kind: 'series' as const, points, ...(metric === 'throughput' ? { marks } : {}) } };
    });
  const known = [metrics.responseTime, metrics.throughput];
  const run = buildRun([{ id: 'checkout', kind: 'load', rounds: rounds.length, metrics: known, measure }]);
  return slowStretchText(viewBenchmarks(run)[0]!);
};

test.each([
  ['nothing stands out', [[10, 12, 11, 14, 9, 10]], undefined],
  ['too little to say what is usual', [[10, 10, 90, 10]], undefined],
  [
    'neighbours that are as slow, and what happened meanwhile',
    [[10, 10, 40, 90, 10, 10, 50]],
    'slow from 2 s to 4 s: p99 of response-time up to 90 ms, usually 10 ms; meanwhile “at 2” and “at 3.2”',
  ],
  [
    'the very beginning, in the round that was slowest',
    [
      [10, 10, 10, 10, 10, 31],
      [80, 10, 10, 10, 10, 10],
    ],
    'slow until 1 s: p99 of response-time up to 80 ms, usually 10 ms; meanwhile “at 0.5”',
  ],
])('%s', (_, rounds, text) => {
  expect(textOf(...rounds)).toBe(text);
});
