import { expect, test } from 'vitest';
import { shortNames } from './short-names.ts';

test.each([
  ['members of a family', ['store search [orama]', 'store search [brute force]'], ['orama', 'brute force']],
  ['at one size', ['embed [tf, n=250]', 'embed [grams, n=250]'], ['tf', 'grams']],
  ['with other parameters', ['embed [tf, n=250]', 'embed [grams]'], ['tf, n=250', 'grams']],
  ['other families', ['a [x]', 'b [x]'], ['a [x]', 'b [x]']],
  ['no family', ['d3-dsv', 'papaparse'], ['d3-dsv', 'papaparse']],
  ['the same twice', ['a [x]', 'a [x]'], ['a [x]', 'a [x]']],
  ['one alone', ['a [x]'], ['a [x]']],
])('%s', (_, names, short) => {
  expect(shortNames(names)).toEqual(short);
});
