import type { Unit } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { describeEffect, describeLimit, differenceOf } from './difference.ts';
import { effectOf } from './effect.ts';

const four = (value: number): number[] => [value, value, value, value];

describe('a change is told', () => {
  it.each<[string, Unit, number, number, string, string]>([
    ['in per cent where base is large enough', 'ns', 50, 75, '+50.0 % [+50.0 %, +50.0 %]', '5 %'],
    ['in per cent of however little, where ratios hold', 'ns', 0.2, 0.3, '+50.0 % [+50.0 %, +50.0 %]', '5 %'],
    ['in per cent of bytes that are some', 'B/op', 32, 48, '+50.0 % [+50.0 %, +50.0 %]', '5 %'],
    [
      'by its size where bytes are next to none',
      'B/op',
      0.009,
      56.009,
      '+56 B/op [+56 B/op, +56 B/op]',
      '0.8 B/op (5 % of 16 B/op)',
    ],
    ['by its size, downwards', 'B/op', 4, -8, '−12 B/op [−12 B/op, −12 B/op]', '0.8 B/op (5 % of 16 B/op)'],
    ['by its size after nothing', 'B', 0, 2048, '+2.05 KB [+2.05 KB, +2.05 KB]', '51.2 B (5 % of 1.02 KB)'],
    ['by its size after no event', 'count', 0, 3, '+3 [+3, +3]', '0.05 (5 % of 1)'],
    ['in points where it is a share', 'ratio', 0.2, 0.3, '+10.0 points [+10.0, +10.0]', '1 point (5 % of 20 %)'],
    ['in points of a share of nothing', 'ratio', 0, 0.03, '+3.0 points [+3.0, +3.0]', '0.05 points (5 % of 1 %)'],
    ['in points of a very small share', 'ratio', 0, 0.0004, '+0.04 points [+0.04, +0.04]', '0.05 points (5 % of 1 %)'],
    ['as none', 'B/op', 0, 0, '0 B/op [0 B/op, 0 B/op]', '0.8 B/op (5 % of 16 B/op)'],
  ])('%s', (_what, unit, from, to, said, limit) => {
    const [base, head] = [four(from), four(to)];
    const difference = differenceOf(unit, base, head);
    expect(describeEffect(effectOf(unit, base, head, 0.95), difference)).toBe(said);
    expect(describeLimit(0.05, difference)).toBe(limit);
  });

  it('without an interval where there are too few rounds, and in per cent where nothing is known of base', () => {
    const one = effectOf('B/op', [0], [56], 0.95);
    expect(describeEffect(one, differenceOf('B/op', [0], [56]))).toBe('+56 B/op');
    expect(differenceOf('ratio', [], [0.5])).toBeUndefined();
  });

  it('and programs are told what it is relative to', () => {
    const floor = { code: 'small-base', message: 'relative to 16 B/op, since base is less than that' };
    expect(effectOf('B/op', four(0.009), four(56), 0.95).warnings).toEqual([floor]);
    expect(effectOf('B/op', four(16), four(56), 0.95).warnings).toEqual([]);
    expect(effectOf('ns', four(0.2), four(0.3), 0.95).warnings).toEqual([]);
    expect(effectOf('ratio', four(0), four(0.3), 0.95).warnings).toMatchObject([
      { message: 'relative to 1 %, since base is less than that' },
    ]);
  });
});
