import { expect, test } from 'vitest';
import { el, text } from './markup.ts';

test('text cannot become markup', () => {
  expect(text(`<a href="x">'&'</a>\u001b[31m\u202e`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
});

test('attributes are escaped, rounded and left out', () => {
  expect(el('i', { title: '"<>', x: 1 / 3, hidden: true, a: undefined, b: false }, text('&'))).toBe(
    '<i title="&quot;&lt;&gt;" x="0.33" hidden>&amp;</i>',
  );
});

test('void elements have no end, blocks end a line', () => {
  expect(el('meta', { charset: 'utf-8' })).toBe('<meta charset="utf-8">\n');
  expect(el('p', {}, [text('a'), text('b')])).toBe('<p>ab</p>\n');
});
