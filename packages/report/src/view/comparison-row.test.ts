import type { Comparison } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { comparison, passing } from '../../test/support/fixtures.ts';
import { allRows, changedRows, reachOf } from './comparison-row.ts';

const { run } = passing();
const { comparisons } = comparison();

test('regressions first, then the undecided, then improvements, then what did not change', () => {
  expect(allRows(run, comparisons).map(({ label, word, direction }) => [label, word, direction])).toEqual([
    ['checkout p99', 'slower', 'up'],
    ['checkout p95', 'undecided', 'none'],
    ['subscribe and unsubscribe growth', 'undecided', 'none'],
    ['start the server p50', 'faster', 'down'],
    ['checkout p50', 'unchanged', 'none'],
  ]);
  expect(changedRows(run, comparisons)).toHaveLength(4);
});

test('a metric that is not the primary one is named', () => {
  const lag: Comparison = { ...comparisons[0]!, benchmark: 'checkout', metric: 'schedule-lag', statistic: 'p99' };
  expect(allRows(run, [lag])[0]!.label).toBe('checkout schedule-lag p99');
});

test('without an effect the reason stands in its place', () => {
  expect(allRows(run, comparisons)[2]).toMatchObject({
    change: 'one round on each side is no sample',
    base: '0.4 B/op',
  });
});

test('less throughput is worse, not slower', () => {
  const effect = { value: -0.2, lo: -0.25, hi: -0.15, confidence: 0.95, method: '', warnings: [] };
  const fewer: Comparison = { ...comparisons[2]!, metric: 'throughput', unit: '1/s', effect, decision: 'regressed' };
  expect(allRows(run, [fewer])[0]).toMatchObject({ word: 'worse', direction: 'down' });
});

test('the axis reaches a round number beyond every interval, and clips beyond 100 %', () => {
  const effect = (value: number): Comparison => ({
    ...comparisons[0]!,
    effect: { value, lo: value, hi: value, confidence: 1, method: '', warnings: [] },
  });
  expect(reachOf([], 0.05)).toBe(0.1);
  expect(reachOf([effect(0.12)], 0.05)).toBe(0.25);
  expect(reachOf([effect(0.3)], 0.05)).toBe(0.5);
  expect(reachOf([effect(7)], 0.05)).toBe(1);
});
