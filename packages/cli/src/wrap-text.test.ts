import { expect, it } from 'vitest';
import { wrapText } from './wrap-text.ts';

it.each<[string, string, number, readonly string[]]>([
  ['what fits stays', 'a b c', 5, ['a b c']],
  ['breaks at the last space that fits', 'one two three', 8, ['one two', 'three']],
  ['a space at the edge is none', 'one two', 3, ['one', 'two']],
  ['a word that is too long is cut', 'abcdefgh ij', 3, ['abc', 'def', 'gh', 'ij']],
  ['wide characters take two columns', '日本語', 4, ['日本', '語']],
  ['marks take none', 'e\u0301e\u0301e\u0301', 3, ['e\u0301e\u0301e\u0301']],
  ['emoji are not torn', '🚀🚀', 2, ['🚀', '🚀']],
  ['a number keeps its unit', 'p50 20 ms   p99 300 ms', 20, ['p50 20 ms', 'p99 300 ms']],
  ['nothing', '', 4, ['']],
])('%s', (_, text, width, rows) => {
  expect(wrapText(text, width)).toEqual(rows);
});
