import type { Comparison, Decision } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { correctedForMany } from './many-comparisons.ts';

const base = [1, 2, 3, 4, 5, 6];
const comparison = (head: readonly number[], decision: Decision, code: string): Comparison => ({
  ...{ benchmark: 'parse', metric: 'time', unit: 'ns', statistic: 'p10', base, head, decision },
  effect: { value: 1, lo: 0.1, hi: 2, confidence: 0.95, method: 'x', warnings: [] },
  verdict: { kind: decision === 'regressed' ? 'fail' : 'inconclusive', reasons: [{ code, message: 'it' }] },
});
const many = (one: Comparison): Comparison[] => Array<Comparison>(20).fill(one);
const decisionOf = (comparisons: readonly Comparison[]): Decision => correctedForMany(comparisons, 0.95)[0]!.decision;

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
