import { rankTest, type Comparison, type Decision } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { correctedForMany } from './many-comparisons.ts';

const base = [1, 2, 3, 4, 5, 6];
const comparison = (head: readonly number[], decision: Decision, code: string): Comparison => ({
  ...{ benchmark: 'parse', metric: 'time', unit: 'ns', statistic: 'p10', base, head, decision },
  effect: { value: 1, lo: 0.1, hi: 2, confidence: 0.95, method: 'x', warnings: [] },
  verdict: { kind: decision === 'regressed' ? 'fail' : 'inconclusive', reasons: [{ code, message: 'it' }] },
});
const many = (one: Comparison): Comparison[] => Array<Comparison>(20).fill(one);
const corrected = (comparisons: readonly Comparison[]): Comparison =>
  correctedForMany(
    comparisons.map((each) => ({ comparison: each, p: rankTest(each.base, each.head).either })),
    0.95,
  )[0]!;
const decisionOf = (comparisons: readonly Comparison[]): Decision => corrected(comparisons).decision;

// 14 of 924 orders are as extreme as this one: p is 0.015.
const suspect = comparison([3.5, 7, 8, 9, 10, 11], 'regressed', 'regressed');
const alike = comparison([1.5, 2.5, 3.5, 4.5, 5.5, 6.5], 'inconclusive', 'interval-too-wide');
const surely = [70, 80, 90, 100, 110, 120];

it('a change that is sure by itself is not among many that did not change', () => {
  expect(decisionOf([suspect])).toBe('regressed');
  expect(decisionOf([suspect, ...many(alike)])).toBe('inconclusive');
});

it('what may not be compared vouches for nothing; what surely changed does', () => {
  const refused = many(comparison(surely, 'inconclusive', 'other-environment'));
  const changed = many(comparison(surely, 'regressed', 'regressed'));
  expect(decisionOf([suspect, ...many(alike), ...refused])).toBe('inconclusive');
  expect(decisionOf([suspect, ...many(alike), ...changed])).toBe('regressed');
});

it('says how many rounds can decide where those that were run cannot, whatever they show', () => {
  const few = { ...comparison([7, 8, 9, 10], 'regressed', 'regressed'), base: [1, 2, 3, 4] };
  expect(decisionOf([few])).toBe('regressed');
  // Four rounds reach 0.029 and five 0.008, of which 0.05 takes one metric and six.
  const needs = (others: number): string | undefined => corrected([few, ...many(alike).slice(0, others)]).verdict.needs;
  expect([0, 1, 5, 6].map(needs)).toEqual([
    undefined,
    '5 rounds a side: run both with --rounds 5',
    '5 rounds a side: run both with --rounds 5',
    '6 rounds a side: run both with --rounds 6',
  ]);
  const two = { ...comparison([7, 8], 'inconclusive', 'too-few-rounds'), base: [1, 2] };
  expect(corrected([two]).verdict.needs).toBe('4 rounds a side: run both with --rounds 4');
  expect(corrected([suspect, ...many(alike)]).verdict.needs).toBe('at least 1 more round a side');
});
