import type { Comparison, Unit } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { comparison, passing } from '../../test/support/fixtures.ts';
import { allRows, reachOf } from './comparison-row.ts';
import { shownEffect, shownWords } from './shown-effect.ts';

const words = (value: number, lo: number, hi: number, unit: Unit, base?: number): string =>
  shownWords(shownEffect({ value, lo, hi }, unit, base));

it.each([
  ['a time', words(0.146, 0.112, 0.181, 'ns', 41e6), '+14.6 % [11.2, 18.1]'],
  ['nothing to everything', words(100, 98.6, 100, 'ratio', 0), '+100 points [98.6, 100]'],
  ['a share of something', words(0.5, -0.1, 1.1, 'ratio', 0.2), '+10.0 points [−2.0, 22.0]'],
  ['less of it', words(-0.5, -0.6, -0.4, 'ratio', 0.2), '−10.0 points [−12.0, −8.0]'],
  ['too few rounds', words(1, -Infinity, Infinity, 'ratio', 0.2), '+20.0 points [no interval]'],
  ['a share of which no side is known', words(1, 0.5, 2, 'ratio'), '+100 % [50.0, 200]'],
])('the change of %s is said as people say it', (_what, said, expected) => {
  expect(said).toBe(expected);
});

it('a share is drawn in points, beside relative changes', () => {
  const { run } = passing();
  const effect = { value: 2, lo: 1, hi: 3, confidence: 0.95, method: '', warnings: [] };
  const given = comparison().comparisons[0]!;
  const errors: Comparison = {
    ...given,
    decision: 'regressed',
    metric: 'errors',
    unit: 'ratio',
    base: [0, 0],
    head: [0.02, 0.02],
    effect,
  };
  const [row] = allRows(run, [errors]);
  expect(row).toMatchObject({ base: '0 %', head: '2 %', change: '+2.0 points [1.0, 3.0]', word: 'worse' });
  expect(row!.drawn).toMatchObject({ value: 0.02, lo: 0.01, hi: 0.03 });
  expect(reachOf([errors], 0.05)).toBe(0.1);
});
