import { expect, test } from 'vitest';
import { barRow, histogramRow, sparkline } from './bars.ts';
import { forestStrip, stripHeading } from './forest-strip.ts';
import { glyphsOf, toAscii } from './glyphs.ts';

const { strip, bars } = glyphsOf(true);
const axis = { strip: 21, reach: 0.25, noChange: 0.05 };

test.each([
  ['a regression', { value: 0.15, lo: 0.1, hi: 0.2 }, '        ┊ │ ┊ ├─●─┤  '],
  ['no change', { value: 0, lo: -0.025, hi: 0.025 }, '        ┊├●┤┊        '],
  ['beyond the right end', { value: 0.3, lo: 0.2, hi: 0.6 }, '        ┊ │ ┊     ├─▶'],
  ['an unknown interval', { value: 0.1, lo: -1, hi: Infinity }, '◀─────────────●─────▶'],
])('%s as a strip', (_, effect, expected) => {
  expect(forestStrip(effect, axis, strip)).toBe(expected);
});

test('the heading is as wide as the strip, with 0 above the zero line', () => {
  const heading = stripHeading(21, 0.25);
  expect(heading).toBe('-25%      0      +25%');
  expect(heading.indexOf('0')).toBe(10);
});

test('bars never draw something as nothing', () => {
  expect(barRow([0, 0.01, 0.5, 1], bars)).toBe(' ▁▄█');
});

test('a histogram puts each power on a column of its own', () => {
  const values = { values: [1, 10, 100, 1000], counts: [1, 2, 4, 8], total: 15 };
  expect(histogramRow(values, 4, bars)).toBe('▁▂▄█');
});

test('a steady series is a flat line, and a growing one a ramp', () => {
  expect(sparkline([100, 101, 100, 99], 8, bars)).toBe('▅▅▅▄');
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, bars)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([1, 1, 1, 1, 9, 9, 9, 9], 2, bars)).toBe('▁█');
  expect(sparkline([0, 0], 8, bars)).toHaveLength(2);
});

test('ASCII keeps letters and signs readable', () => {
  expect(toAscii('größer ≥ 5 µs − “x” 日')).toBe('gro?er >= 5 us - "x" ?');
});
