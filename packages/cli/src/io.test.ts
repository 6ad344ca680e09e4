import { expect, it } from 'vitest';
import { lookOf, plain } from './io.ts';

const output = (isTTY: boolean, columns = 120) => ({ write: () => true, isTTY, columns });

it.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['a pipe, forced', false, { FORCE_COLOR: '1' }, true],
  ['a terminal, refused; any value counts', true, { NO_COLOR: '0' }, false],
  ['a terminal, an empty refusal is none', true, { NO_COLOR: '' }, true],
  ['refusal beats force', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
])('colour: %s', (_, isTTY, env, colour) => {
  expect(lookOf(output(isTTY), env).colour).toBe(colour);
});

it('plain characters where others would not arrive', () => {
  expect(lookOf(output(true), { LANG: 'C' }).unicode).toBe(false);
  expect(lookOf(output(true), { LANG: 'de_DE.UTF-8' }).unicode).toBe(true);
  expect(lookOf(output(true), {}).unicode).toBe(true);
});

it('as many columns as there are, between 40 and 200', () => {
  const widths = [0, 20, 47, 100, 900].map((columns) => lookOf(output(true, columns), {}).width);
  expect(widths).toEqual([100, 40, 47, 100, 200]);
});

it('lets no name command the terminal', () => {
  expect(plain('evil \x1b[2J\x1b]0;pwned\x07 name\r\nnext\tline')).toBe('evil  name\nnext\tline');
});
