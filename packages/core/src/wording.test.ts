import { describe, expect, it } from 'vitest';
import { describeValue, nearest } from './wording.ts';

describe('describeValue', () => {
  it.each<[unknown, string]>([
    ['5 minutes', '"5 minutes"'],
    ['a "quote"', '"a \\"quote\\""'],
    ['x'.repeat(100), `"${'x'.repeat(56)}...`],
    [5, '5'],
    [NaN, 'NaN'],
    [5n, '5'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[], 'an array'],
    [['secret'], 'an array'],
    [Object.create(null), 'an object'],
    [new Map([['a', 1]]), 'an object'],
    [{ path: '/', headers: { authorization: 'secret' } }, '{ path, headers }'],
    [{ [`a${'b'.repeat(100)}`]: 1 }, `{ a${'b'.repeat(52)}... }`],
    [() => 1, 'a function'],
  ])('%o', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});

describe('nearest', () => {
  const known = ['include', 'exclude', 'store', 'name'];
  it.each([
    ['includes', 'include'],
    ['EXCLUDE', 'exclude'],
    ['stroe', 'store'],
    ['reporters', undefined],
    ['', undefined],
  ])('%j is nearest to %s', (word, wanted) => {
    expect(nearest(word, known)).toBe(wanted);
  });

  it('knows nothing among nothing', () => {
    expect(nearest('x', [])).toBe(undefined);
  });
});
