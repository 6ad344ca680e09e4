import { createHash } from 'node:crypto';
import { expect, it, test } from 'vitest';
import { identityOf } from './identity.ts';

const sha256 = (text: string, bytes: Uint8Array = new Uint8Array()): string =>
  `sha256:${createHash('sha256').update(text, 'utf16le').update(bytes).digest('hex')}`;

test('the serialisation is what it says, and stays it: stored runs hold these hashes', () => {
  expect(identityOf({ b: [1, -0], a: 'text' })).toBe(sha256('o2;s1;as4;texts1;ba2;n1;1n2;-0'));
  expect(identityOf(undefined)).toBe(sha256('u;'));
  const ones = new Uint8Array([0, 0, 128, 63, 0, 0, 128, 63]);
  expect(identityOf(new Float32Array([1, 1]))).toBe(sha256('y[object Float32Array]8;', ones));
});

it.each<[string, unknown, unknown]>([
  ['the order in which properties were set', { a: 1, b: 2 }, { b: 2, a: 1 }],
  ['functions, which are code', { a: 1, run: () => 1 }, { a: 1 }],
  ['a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
  ['where in its buffer an array lies', new Uint8Array([0, 1, 2]).subarray(1), new Uint8Array([1, 2])],
])('does not depend on %s', (_what, a, b) => {
  expect(identityOf(a)).toBe(identityOf(b));
});

it.each<[string, unknown, unknown]>([
  ['a number and its text', 1, '1'],
  ['zero and minus zero', 0, -0],
  ['nothing and null', undefined, null],
  ['a missing property and one without a value', {}, { a: undefined }],
  ['a hole and nothing', [undefined], new Array(1)],
  ['where one text ends', ['ab', 'c'], ['a', 'bc']],
  ['where one list ends', [[1], 2], [[1, 2]]],
  ['a list and an object', [1], { 0: 1 }],
  ['a set and a list', new Set([1]), [1]],
  ['a map and an object', new Map([['a', 1]]), { a: 1 }],
  ['the order of a map', new Map([['a', 1], ['b', 2]]), new Map([['b', 2], ['a', 1]])], // prettier-ignore
  ['the kind of a typed array', new Uint8Array([1, 0]), new Uint16Array([1])],
  ['bytes and a list', new Uint8Array([1]), [1]],
  ['the last byte', new Float64Array([1, 2]), new Float64Array([1, 2 + 2 ** -51])],
  ['a time and a number', new Date(5), 5],
  ['the flags of a pattern', /a/, /a/i],
  ['a big number and a number', 1n, 1],
  ['halves of a pair', '\ud800', '\udc00'],
  ['a text that looks like a serialisation', ['a1;n1;1'], [[1]]],
])('tells apart %s', (_what, a, b) => {
  expect(identityOf(a)).not.toBe(identityOf(b));
});

const circle: { self?: unknown } = {};
circle.self = circle;

it.each<[string, unknown, string]>([
  ['what holds itself', circle, 'the fixture holds itself'],
  ['a symbol', [Symbol('a')], 'the fixture holds a symbol, which is another one in every process'],
  [
    'a promise',
    { data: Promise.resolve(1) },
    'the fixture holds an object of class Promise, whose content cannot be seen',
  ],
  ['a url', new URL('http://127.0.0.1'), 'the fixture holds an object of class URL, whose content cannot be seen'],
])('refuses %s', (_what, data, message) => {
  expect(() => identityOf(data)).toThrow(
    expect.objectContaining({ message, code: 'bad-fixture', exitCode: 2 }) as Error,
  );
});

it('allows the same object twice', () => {
  const shared = { a: 1 };
  expect(identityOf([shared, shared])).toBe(identityOf([{ a: 1 }, { a: 1 }]));
});

it('takes much data', () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);
  expect(identityOf(texts)).toBe(sha256(`a20000;${texts.map((text) => `s${text.length};${text}`).join('')}`));
});
