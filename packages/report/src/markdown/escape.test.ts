import { expect, test } from 'vitest';
import { codeBlock, escapeMarkdown, shorten } from './escape.ts';

test.each([
  ['a | b', 'a \\| b'],
  ['<script>', '&lt;script&gt;'],
  ['`code`', '\\`code\\`'],
  ['**bold** _x_ ~~y~~', '\\*\\*bold\\*\\* \\_x\\_ \\~\\~y\\~\\~'],
  ['[a](b) ![c](d)', '\\[a\\](b) !\\[c\\](d)'],
  ['@team #12', '@\u200bteam \\#\u200b12'],
  ['a\n\n# b\r\n| c', 'a \\# b \\| c'],
  ['&lt; \\| $x$', '&amp;lt; \\\\\\| \\$x\\$'],
  ['GET https://a.example/x?y=1', 'GET https:\u200b//a.example/x?y=1'],
  ['HTTP://a ftp://b', 'HTTP:\u200b//a ftp:\u200b//b'],
  ['(www.a.example) WWW.b', '(www\u200b.a.example) WWW\u200b.b'],
  ['https://www.a.example', 'https:\u200b//www\u200b.a.example'],
  ['me@a.example', 'me@\u200ba.example'],
  ['a/b#7 GH-8', 'a/b\\#\u200b7 GH-\u200b8'],
  ['12:30 a/b a.b', '12:30 a/b a.b'],
  ['\u001b[31mred\u001b[0m', 'red'],
])('%j', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test('long text is cut before it is escaped, so that no escape is torn', () => {
  expect(escapeMarkdown('<'.repeat(300), 3)).toBe('&lt;&lt;&lt;…');
  expect(shorten('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
});

test('code cannot leave its block', () => {
  expect(codeBlock(['echo ```', 'a\n```\nb'])).toBe('````sh\necho ```\na ``` b\n````');
});
