import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChange, formatDifference, formatNumber, formatQuantity } from './format.ts';
import { units, type Unit } from './units.ts';

describe('formatQuantity', () => {
  it.each<[string, number, Unit, string]>([
    ['three digits', 16_300_000, 'ns', '16.3 ms'],
    ['no zeros behind the point', 20_000_000, 'ns', '20 ms'],
    ['nothing', 0, 'ns', '0 ns'],
    ['nothing, from below', -0, 'ns', '0 ns'],
    ['what rounds to the next unit belongs to it', 999.6, 'ns', '1 µs'],
    ['what does not, does not', 999.4, 'ns', '999 ns'],
    ['also at seconds', 999_600_000, 'ns', '1 s'],
    ['nothing is above seconds', 4_321e9, 'ns', '4 321 s'],
    ['less than a nanosecond', 0.1234, 'ns', '0.123 ns'],
    ['far less, without an exponent', 0.000_000_123_4, 'ns', '0.000000123 ns'],
    ['so little that it is nothing', 1e-12, 'ns', '0 ns'],
    ['before the clock', -2_500, 'ns', '−2.5 µs'],
    ['bytes', 512, 'B', '512 B'],
    ['megabytes of a million', 64e6, 'B', '64 MB'],
    ['many gigabytes', 1.5e12, 'B', '1 500 GB'],
    ['growth', 64, 'B/op', '64 B/op'],
    ['shrinking', -1_500, 'B/op', '−1.5 KB/op'],
    ['growth over time', 1.2e6, 'B/s', '1.2 MB/s'],
    ['a rate', 1234.5, '1/s', '1 235/s'],
    ['a slow rate', 0.5, '1/s', '0.5/s'],
    ['a share', 0.001, 'ratio', '0.1 %'],
    ['a share that floats would spoil', 0.07, 'ratio', '7 %'],
    ['everything', 1, 'ratio', '100 %'],
    ['a count', 12_345_678, 'count', '12 345 678'],
    ['a bound that there is not', Infinity, 'ns', '∞'],
    ['nor below', -Infinity, 'B', '−∞'],
    ['no number', NaN, 'ratio', 'n/a'],
  ])('%s', (_, value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  const scaledUnits = units.filter((unit) => unit === 'ns' || unit.startsWith('B'));

  it('never shows a thousand where a larger unit exists, and never an exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 9e8, noNaN: true }), fc.constantFrom(...scaledUnits), (value, unit) => {
        expect(formatQuantity(value, unit)).toMatch(/^\d{1,3}(\.\d+)? /);
      }),
    );
  });

  it('stays within half of the third digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const shown = Number(formatNumber(value).replaceAll(' ', ''));
        expect(Math.abs(shown / value - 1)).toBeLessThan(0.00501);
      }),
    );
  });
});

describe('formatNumber', () => {
  it.each([
    ['rounds up into a longer number', 99.96, '100'],
    ['rounds up into the next ten', 9.996, '10'],
    ['groups of three', 1_000_000, '1 000 000'],
    ['beyond the safe integers', 1e21, '1 000 000 000 000 000 000 000'],
    ['negative', -1234, '−1 234'],
  ])('%s', (_, value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

it.each([
  ['bytes', 56, 'B/op', '+56 B/op'],
  ['less', -1.5e6, 'ns', '−1.5 ms'],
  ['a share in points', 0.0304, 'ratio', '+3.0 points'],
  ['a share of all', 0.99, 'ratio', '+99.0 points'],
  ['a share that is small', 0.00042, 'ratio', '+0.042 points'],
  ['no share', 0, 'ratio', '0.0 points'],
] as const)('formatDifference says %s with its sign', (_, value, unit, text) => {
  expect(formatDifference(value, unit)).toBe(text);
});

describe('formatChange', () => {
  it.each([
    ['more', 0.1423, '+14.2 %'],
    ['less', -0.0312, '−3.1 %'],
    ['nothing has no sign', 0, '0.0 %'],
    ['so little that it is nothing', -0.0004, '0.0 %'],
    ['nearly everything', -0.9996, '−100 %'],
    ['just below a hundred', 0.9994, '+99.9 %'],
    ['twice as much', 1, '+100 %'],
    ['very much', 123.4, '+12 340 %'],
    ['without end', Infinity, '+∞ %'],
    ['no number', NaN, 'n/a'],
  ])('%s', (_, ratio, text) => {
    expect(formatChange(ratio)).toBe(text);
  });
});
