import { describe, expect, it, test } from 'vitest';
import { median } from '@perfkeel/core';
import { consume, consumeOutcome } from './consume.ts';

describe('consume', () => {
  const self: unknown[] = [1];
  self.push(self);
  const shared = { id: 2 };

  it.each<[string, unknown, number]>([
    ['nothing', undefined, 0],
    ['null', null, 0],
    ['a number', 1.5, 1.5],
    ['truth', true, 1],
    ['a bigint', -3n, -3],
    ['a bigint that is too large', 2n ** 40n + 1n, 1],
    ['a function is not called', () => 7, 0],
    ['characters', 'abc', 294],
    ['an array', ['abc', { id: 7 }], 301],
    ['holes', [, 1, , 2], 3], // prettier-ignore
    ['a nested object', { a: { b: [1, 2] }, c: 3 }, 6],
    ['a getter', { get a() { return 4; } }, 4], // prettier-ignore
    ['an object of a class', new (class { a = 5; })(), 5], // prettier-ignore
    ['a set', new Set([1, 2]), 3],
    ['a map, keys and values', new Map([[1, 2]]), 3],
    ['a generator', (function* () { yield 1; yield 'a'; })(), 98], // prettier-ignore
    ['one byte of each cache line', new Uint8Array(130).fill(2), 6],
    ['a buffer', new Uint8Array([9]).buffer, 9],
    ['part of a buffer', new Uint8Array([1, 2, 3]).subarray(1), 2],
    ['what holds itself', self, 1],
    ['what is there twice', [shared, shared], 4],
  ])('reads %s', (_what, value, sum) => {
    expect(consume(value)).toBe(sum);
  });

  it.each([47, 48, 100, 2 ** 16, 2 ** 16 + 1, 200_000])('reads every character of a text of %i', (length) => {
    expect(consume('x'.repeat(length))).toBe(length * 120);
    // Joined, sliced, and both.
    const [half, rest] = ['x'.repeat(length), 'y'.repeat(length)];
    expect(consume(half + rest)).toBe(length * (120 + 121));
    expect(consume((half + rest).slice(length - 10, length + 10))).toBe(10 * (120 + 121));
  });

  it('reads wide characters', () => {
    expect(consume('\u20ac'.repeat(10))).toBe(10 * 0x20ac);
    expect(consume('\u20ac'.repeat(100))).toBe(100 * 0xac);
  });

  it('hands on what a getter throws, and reads the next value as if nothing had been', () => {
    const value = {
      get wrong(): number {
        throw new Error('no');
      },
    };
    expect(() => consume(value)).toThrow('no');
    expect(() => consume(value)).toThrow('no');
  });
});

test('an outcome is read when it is there', async () => {
  async function* later(): AsyncGenerator<string> {
    yield await Promise.resolve('a');
    yield 'b';
  }
  expect(consumeOutcome(['a'])).toBe(97);
  await expect(consumeOutcome(Promise.resolve(['a']))).resolves.toBe(97);
  await expect(consumeOutcome(later())).resolves.toBe(97 + 98);
  await expect(consumeOutcome(Promise.resolve(later()))).resolves.toBe(97 + 98);
  await expect(consumeOutcome(Promise.reject(new Error('no')))).rejects.toThrow('no');
});

describe('work that the engine puts off', () => {
  const small = 'lorem ipsum '.repeat(1_000);
  const large = small.repeat(30);
  const hundredSlices = (text: string): string[] =>
    Array.from({ length: 100 }, (_, i) => text.slice((i * text.length) / 100, ((i + 1) * text.length) / 100));
  const hundredPieces = (text: string): string[] => {
    const piece = text.slice(0, text.length / 100);
    return Array.from({ length: 100 }, (_, i) => `${i}${piece}`);
  };

  /** How much longer thirty times the text takes: the median of pairs, each within some milliseconds. */
  function growth(work: (text: string) => unknown): number {
    let sum = 0;
    const time = (text: string): number => {
      const start = performance.now();
      for (let i = 0; i < 20; i++) sum += consume(work(text));
      return performance.now() - start;
    };
    for (let i = 0; i < 10; i++) sum += time(small) + time(large);
    const ratios = Array.from({ length: 31 }, () => [time(small), time(large)] as const).map(([a, b]) => b / a);
    expect(sum).toBeGreaterThan(0);
    return median(ratios);
  }

  it.each([
    ['slicing', hundredSlices],
    ['joining', hundredPieces],
  ])('%s seems to cost nothing: thirty times the text takes as long', (_what, work) => {
    // Only how many there are is read, as a sink does that takes a reference.
    expect(growth((text) => work(text).length)).toBeLessThan(2);
  });

  it.each([
    ['slicing', hundredSlices],
    ['joining', hundredPieces],
  ])('consumed, %s thirty times the text takes much longer', (_what, work) => {
    expect(growth(work)).toBeGreaterThan(5);
  });
});
