import { oneLine, plainText } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { enumerate, formatDuration, formatEffect, formatInterval, formatShare, plural, quantileName } from './words.ts';

test.each([
  [0.4, '400 µs'],
  [850, '850 ms'],
  [12_340, '12.3 s'],
  [59_940, '59.9 s'],
  [59_960, '1m 00s'],
  [252_000, '4m 12s'],
  [3_780_000, '1h 03m'],
  [NaN, 'unknown time'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('intervals say when an end is open', () => {
  expect(formatInterval({ lo: 112e6, hi: 126e6 }, 'ns')).toBe('[112 ms, 126 ms]');
  expect(formatInterval({ lo: 112e6, hi: Infinity }, 'ns')).toBe('at least 112 ms');
  expect(formatInterval({ lo: -Infinity, hi: 126e6 }, 'ns')).toBe('at most 126 ms');
  expect(formatInterval({ lo: -Infinity, hi: Infinity }, 'ns')).toBe('no interval');
});

test('changes carry their sign and their interval', () => {
  expect(formatEffect({ value: 1.9, lo: 1.8, hi: 2 })).toBe('+190 % [180, 200]');
  expect(formatEffect({ value: 0, lo: -0.0004, hi: 0.0004 })).toBe('0.0 % [0.0, 0.0]');
  expect(formatEffect({ value: -0.083, lo: -0.1, hi: -0.06 })).toBe('−8.3 % [−10.0, −6.0]');
  expect(formatEffect({ value: 0.1, lo: -1, hi: Infinity })).toBe('+10.0 % [no interval]');
});

test('small words', () => {
  expect(plural(1, 'objective')).toBe('1 objective');
  expect(plural(33_859, 'value')).toBe('33 859 values');
  expect(enumerate(['a'])).toBe('a');
  expect(enumerate(['a', 'b', 'c'])).toBe('a, b and c');
  expect(formatShare(0.3751)).toBe('38 %');
  expect([0, 0.5, 0.999, 0.9999, 1].map(quantileName)).toEqual(['min', 'p50', 'p99.9', 'p99.99', 'max']);
});

test('text from outside moves no cursor and turns no writing', () => {
  expect(oneLine('a\u001b[2Jb\u001b]0;title\u0007c\r\nd\u202ee\u0000')).toBe('abc de');
  expect(plainText('one\ntwo\tthree')).toBe('one\ntwo\tthree');
});
