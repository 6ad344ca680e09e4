import { expect, it } from 'vitest';
import { oneLine, plainJson, plainText, withoutCommands } from './plain-text.ts';

const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\r\nd\u202ee\u0000\u009b31m\u2066f\tg';

it('leaves nothing that commands a terminal, and keeps line feeds', () => {
  expect(plainText(hostile)).toBe('abc\ndef\tg');
  expect(oneLine(hostile)).toBe('abc def g');
  expect(plainText('naïve 😀 “ok”')).toBe('naïve 😀 “ok”');
});

it('takes no longer for many blanks', () => {
  expect(oneLine(`a${' '.repeat(200_000)}b`)).toHaveLength(200_002);
  expect(oneLine(`a${' '.repeat(100_000)}\n${' '.repeat(100_000)}b`)).toBe('a b');
});

it('escapes in JSON what JSON lets stand, and changes no value', () => {
  const json = plainJson(JSON.stringify({ [hostile]: hostile }));
  expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  expect(JSON.parse(json)).toEqual({ [hostile]: hostile });
});

it('gives no orders to the runner of a continuous integration', () => {
  const text = '::error::a\n \t::stop-commands::b\nc ##[error]d ::e:: f::g';
  expect(withoutCommands(text)).toBe(': :error::a\n \t: :stop-commands::b\nc # #[error]d ::e:: f::g');
});
