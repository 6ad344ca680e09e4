import { ExitCode, type Comparison, type Unit } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { effectOf } from '../compare/effect.ts';
import { describeMax, exceeding, parseMax } from './accepted-size.ts';

describe('the largest change that is accepted', () => {
  it.each([
    ['+12%', { max: 0.12 }, '12 %'],
    ['12 %', { max: 0.12 }, '12 %'],
    ['-3%', { max: 0.03 }, '3 %'],
    ['+3 points', { maxDifference: { value: 0.03, unit: 'ratio' } }, '3 points'],
    ['1point', { maxDifference: { value: 0.01, unit: 'ratio' } }, '1 point'],
    ['+64B/op', { maxDifference: { value: 64, unit: 'B/op' } }, '64 B/op'],
    ['+ 5ms', { maxDifference: { value: 5e6, unit: 'ns' } }, '5 ms'],
    // As reports write it.
    ['−6 ms', { maxDifference: { value: 6e6, unit: 'ns' } }, '6 ms'],
    ['+1 234 567 %', { max: 12345.67 }, '1234570 %'],
  ])('%j is read, and said again', (text, size, said) => {
    expect(parseMax(text)).toEqual(size);
    expect(describeMax(parseMax(text))).toBe(said);
  });

  it.each(['', '12', '--3%', '+-3%', 'a lot', '3 pints', '1e3 points', 'NaN%', '1 23 %', '1 2345 %'])(
    '%j is none',
    (text) => {
      expect(() => parseMax(text)).toThrow(
        expect.objectContaining({
          code: 'bad-quantity',
          exitCode: ExitCode.Usage,
          hint: 'Write +12% of base, or a difference as the report tells it: "+3 points", +64B/op, +5ms.',
        }),
      );
    },
  );
});

const changed = (unit: Unit, from: number, to: number, metric = 'growth'): Comparison => {
  const [base, head] = [from, to].map((value) => [value, value, value, value]);
  const effect = effectOf(unit, base!, head!, 0.95);
  const verdict = { kind: 'fail', reasons: [] } as const;
  return {
    benchmark: 'a',
    metric,
    unit,
    statistic: 'value',
    base: base!,
    head: head!,
    effect,
    decision: 'regressed',
    verdict,
  };
};

describe('a change is accepted', () => {
  it.each<[string, string, Comparison, string | undefined]>([
    ['up to a share of base', '+12%', changed('ns', 100, 111), undefined],
    ['and no further', '+12%', changed('ns', 100, 113), '+13.0 % is more than the 12 % accepted'],
    // A quarter of 2 % is half a point: what a share is of itself, and not 25 points of it.
    ['of a share up to a share of itself', '+25%', changed('ratio', 0.02, 0.024), undefined],
    [
      'of a share no further',
      '+25%',
      changed('ratio', 0.02, 0.03),
      '+1.0 points is more than the 0.5 points (25 % of 2 %) accepted',
    ],
    ['of no errors up to a share of one per cent', '+25%', changed('ratio', 0, 0.002), undefined],
    [
      'of no errors no further',
      '+25%',
      changed('ratio', 0, 0.03),
      '+3.0 points is more than the 0.25 points (25 % of 1 %) accepted',
    ],
    ['of a share in points', '+3 points', changed('ratio', 0.5, 0.52), undefined],
    [
      'of a share not beyond points',
      '+3 points',
      changed('ratio', 0.5, 0.55),
      '+5.0 points is more than the 3 points accepted',
    ],
    ['of bytes of next to none by their number', '+64B/op', changed('B/op', 0.009, 56), undefined],
    [
      'of bytes of next to none not in per cent',
      '+12%',
      changed('B/op', 0.009, 56.009),
      '+56 B/op is more than the 1.92 B/op (12 % of 16 B/op) accepted',
    ],
    ['of exactly that many points', '+3 points', changed('ratio', 0.5, 0.53), undefined],
    ['of points that are told as that many', '+3 points', changed('ratio', 0.5, 0.5304), undefined],
    [
      'of points not when they are told as more',
      '+3 points',
      changed('ratio', 0.5, 0.5306),
      '+3.1 points is more than the 3 points accepted',
    ],
    ['of less than is accepted, though told as more', '+2.96 points', changed('ratio', 0.5, 0.5296), undefined],
    [
      'of more than is accepted, and told as more',
      '+2.96 points',
      changed('ratio', 0.5, 0.5297),
      '+3.0 points is more than the 2.96 points accepted',
    ],
    ['of exactly that many bytes', '+64B', changed('B', 1000, 1064), undefined],
    ['of exactly that share', '+12%', changed('ns', 100, 112), undefined],
    ['of a share that is told as that much', '+12%', changed('ns', 100, 112.04), undefined],
    [
      'of a share not when it is told as more',
      '+12%',
      changed('ns', 100, 112.06),
      '+12.1 % is more than the 12 % accepted',
    ],
    ['of exactly a share of a share', '+6%', changed('ratio', 0.5, 0.53), undefined],
    ['of a time by its size', '+5ms', changed('ns', 100e6, 104e6), undefined],
    ['of a time not beyond it', '+5ms', changed('ns', 100e6, 106e6), '+6 ms is more than the 5 ms accepted'],
    ['for the worse downwards too', '+5ms', changed('ns', 100e6, 94e6), '−6 ms is more than the 5 ms accepted'],
    [
      'not of another unit',
      '+3 points',
      changed('ns', 100, 120, 'time'),
      '+20.0 % of time has another unit than the 3 points accepted',
    ],
    [
      'not when nobody knows its size',
      '+3 points',
      { ...changed('ratio', 0, 1), effect: undefined },
      'a change of unknown size is not within the 3 points accepted',
    ],
    [
      'not when base measured nothing',
      '+5ms',
      { ...changed('ns', 100, 101), base: [] },
      'n/a is more than the 5 ms accepted',
    ],
  ])('%s', (_what, max, comparison, why) => {
    expect(exceeding(comparison, parseMax(max))).toBe(why);
  });

  it.each<[Unit, number, number, string]>([
    ['ns', 100e6, 300.3e6, '+200 %'],
    ['ns', 1e3, 1e7 + 1e3 + 1, '+1 000 000 %'],
    ['ratio', 0.5, 0.5004321, '+0.043 points'],
    ['B/op', 0.009, 1234.56789, '+1.23 KB/op'],
    ['B/s', 0, 56.4321, '+56.4 B/s'],
    ['1/s', 1000, 765.4321, '−23.5 %'],
  ])('whose words were taken from the report: %s from %d to %d, %s', (unit, from, to, told) => {
    expect(exceeding(changed(unit, from, to), { max: 0, maxDifference: undefined })).toMatch(
      `${told} is more than the 0 `,
    );
    expect(exceeding(changed(unit, from, to), parseMax(told))).toBeUndefined();
  });

  it('of any size without a bound', () => expect(exceeding(changed('ratio', 0, 1), {})).toBeUndefined());
});
