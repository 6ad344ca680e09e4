import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributeText, el, text } from './markup.ts';

test('text cannot become markup', () => {
  expect(text(`<a href="x">'&'</a>\u001b[31m\u202e`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
});

test('attributes are escaped, rounded and left out', () => {
  expect(el('i', { title: '"<>', x: 1 / 3, hidden: true, a: undefined, b: false }, text('&'))).toBe(
    '<i title="&quot;&lt;&gt;" x="0.33" hidden>&amp;</i>',
  );
});

test('numbers of attributes are rounded as toFixed rounds them, halves and what is no number too', () => {
  const slow = (value: number): string => String(Number(value.toFixed(2)));
  const hundredth = fc.integer({ min: -1e9, max: 1e9 }).map((whole) => (whole + 0.5) / 100);
  fc.assert(
    fc.property(fc.oneof(fc.double(), hundredth, fc.double({ min: -2000, max: 2000 })), (value) => {
      expect(attributeText(value)).toBe(slow(value));
    }),
    { numRuns: 2000, examples: [[1.005], [-0], [-0.004], [8.345], [1e21], [NaN], [-Infinity]] },
  );
});

test('void elements have no end, blocks end a line', () => {
  expect(el('meta', { charset: 'utf-8' })).toBe('<meta charset="utf-8">\n');
  expect(el('p', {}, [text('a'), text('b')])).toBe('<p>ab</p>\n');
});
