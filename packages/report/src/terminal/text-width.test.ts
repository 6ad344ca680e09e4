import { describe, expect, test } from 'vitest';
import { flow, pad, truncateMiddle, visibleWidth, wrap } from './text-width.ts';

test.each([
  ['plain', 5],
  ['\u001b[31mred\u001b[39m', 3],
  ['größer', 6],
  ['e\u0301', 1],
  ['日本', 4],
  ['✓ ok', 4],
  ['👩‍👩‍👧', 2],
  ['', 0],
])('%j takes %i columns', (text, width) => {
  expect(visibleWidth(text)).toBe(width);
});

test('pads by what is visible', () => {
  expect(pad('\u001b[31mab\u001b[39m', 4)).toBe('\u001b[31mab\u001b[39m  ');
  expect(pad('ab', 4, 'start')).toBe('  ab');
  expect(pad('abcdef', 4)).toBe('abcdef');
});

describe('truncation in the middle', () => {
  test.each([
    ['short', 10, 'short'],
    ['GET /orders/:id/lines', 12, 'GET /o…lines'],
    ['日本日本日本', 7, '日…本'],
    ['abcdef', 2, 'ab'],
  ])('%j in %i columns is %j', (text, width, expected) => {
    expect(truncateMiddle(text, width, '…')).toBe(expected);
  });

  test('never takes more columns than it may', () => {
    for (let width = 1; width < 20; width++) {
      expect(visibleWidth(truncateMiddle('a日b本c👩‍👩‍👧d日e本f', width, '..'))).toBeLessThanOrEqual(width);
    }
  });
});

describe('wrapping', () => {
  test('breaks at blanks, and inside what no line can hold', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('see /a/very/long/path now', 8)).toEqual(['see', '/a/very/', 'long/pat', 'h now']);
    expect(wrap('', 8)).toEqual(['']);
  });

  test('figures stay whole as long as a line can hold them', () => {
    expect(wrap('took 12 300 ms or so', 9)).toEqual(['took', '12 300 ms', 'or so']);
    expect(wrap('it is 3 strong, ≥ 10 s, [1 ms, 2 ms]', 13)).toEqual(['it is 3', 'strong,', '≥ 10 s,', '[1 ms, 2 ms]']);
    expect(wrap('about 12 300 ms', 7)).toEqual(['about', '12 300', 'ms']);
  });

  test('flow keeps phrases whole where it can', () => {
    expect(flow(['p50 1 ms', 'p99 2 ms', 'max 3 ms'], 19, '   ')).toEqual(['p50 1 ms   p99 2 ms', 'max 3 ms']);
  });
});
