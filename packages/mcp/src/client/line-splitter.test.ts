import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

/** What came of a text that arrives in chunks of so many bytes. */
function split(text: string, chunk: number, bytes: number) {
  const seen: (string | number)[] = [];
  const splitter = new LineSplitter((line) => seen.push(line), { bytes, onTooLong: (passed) => seen.push(passed) });
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += chunk) splitter.push(all.subarray(at, at + chunk));
  return seen;
}

describe.each([1, 3, 100])('in chunks of %i', (chunk) => {
  it('lines as long as the limit are whole, and none is torn', () => {
    expect(split('€€€\r\n\nabcdefghij\n', chunk, 10)).toEqual(['€€€', '', 'abcdefghij']);
  });

  it('a line that is longer is told of, and nothing of it is kept; the next one is', () => {
    const seen = split(`${'x'.repeat(11)}\nnext\n`, chunk, 10);
    expect(seen).toEqual([1, 'next']);
  });
});

it('a line without an end is told of again for every limit by which it goes on', () => {
  expect(split('x'.repeat(45), 1, 9)).toEqual([1, 2, 3, 4]);
});
