import { metrics, type Comparison, type RoundMeasurement } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { buildRun } from '../../test/support/build-run.ts';
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

const ms = 1e6;
const timeout = 10_000 * ms;

/** Rounds of 100 requests, in each of them so many without an answer. */
const loadOf = (unanswered: readonly number[]) =>
  buildRun([
    {
      ...{ id: 'checkout', kind: 'load', rounds: unanswered.length },
      metrics: [metrics.responseTime, metrics.serviceTime],
      measure: (round): readonly RoundMeasurement[] => {
        const lost = unanswered[round]!;
        const values = Array.from({ length: 100 }, (_, i) => (i < 100 - lost ? 5.1 * ms : timeout));
        const message = `${lost} of 100 requests had no answer in time`;
        return [
          {
            ...{ metric: 'response-time', data: { kind: 'sample', values } },
            warnings: lost > 0 ? [{ code: 'censored', message }] : [],
          },
          // As load gives it: beside each distribution the same over time.
          { metric: 'response-time', data: { kind: 'series', points: [[1e9, timeout]] } },
          { metric: 'service-time', data: { kind: 'sample', values } },
        ];
      },
    },
  ]);

const [no, all] = [5.1 * ms, timeout];
const mean = 0.9 * no + 0.1 * all;

test.each<[string, readonly number[], string, readonly number[], string]>([
  ['one round of five', [0, 0, 0, 0, 10], 'p99', [no, no, no, no, all], '5.1 ms'],
  ['two rounds of five', [0, 0, 0, 10, 10], 'p99', [no, no, no, all, all], '5.1 ms'],
  ['three rounds of five', [0, 0, 10, 10, 10], 'p99', [no, no, all, all, all], '≥ 10 s'],
  ['half of the rounds, whose median lies between', [0, 0, 10, 10], 'p99', [no, no, all, all], '≥ 5 s'],
  ['all rounds', [10, 10, 10], 'max', [all, all, all], '≥ 10 s'],
  ['all rounds, below those requests', [10, 10, 10], 'p50', [no, no, no], '5.1 ms'],
  ['all rounds, nothing but them', [100, 100, 100], 'min', [all, all, all], '≥ 10 s'],
  ['all rounds, and their mean', [10, 10, 10], 'mean', [mean, mean, mean], '≥ 1 s'],
  ['another number of rounds', [10, 10, 10], 'p99', [all, all], '10 s'],
])('requests without an answer in %s: of %j the %s', (_, unanswered, statistic, head, shown) => {
  const of = { ...comparisons[0]!, benchmark: 'checkout', metric: 'response-time', unit: 'ns' } as const;
  const compared: Comparison = { ...of, statistic, head };
  expect(allRows(loadOf(unanswered), [compared])[0]!.head).toBe(shown);
});

test('what fresh rounds did not answer is not told', () => {
  const { effect } = comparisons[0]!;
  const of = { ...comparisons[0]!, benchmark: 'checkout', metric: 'response-time', unit: 'ns' } as const;
  const screening = { base: [no], head: [all], effect: effect! };
  const compared: Comparison = { ...of, statistic: 'p99', head: [no, no, no], screening };
  expect(allRows(loadOf([10, 10, 10]), [compared])[0]!.head).toBe('5.1 ms');
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
