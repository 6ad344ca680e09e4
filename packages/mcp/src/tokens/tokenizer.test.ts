import type { Tokenizer } from '@perfkeel/core';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { get_encoding } from 'tiktoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processorTime } from '../../../../tools/test-support/processor-time.ts';
import { o200k, partsOf } from './tokenizer.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

const textsIn = (folder: string, ending: string): readonly (readonly [string, string])[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')] as const);

const hard: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['control tokens', '<|endoftext|> and <|fim_prefix|> are text here'],
  ['CJK', '東京都は、日本の首都です。人口は約一千四百万人。'.repeat(20)],
  ['Cyrillic', 'Съешь ещё этих мягких французских булок, да выпей чаю. '.repeat(20)],
  ['Arabic', 'صِف خَلقَ خَودِ كَمِثلِ الشَمسِ إِذ بَزَغَت '.repeat(20)],
  ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪😀'.repeat(50)],
  ['combining', 'é́́́ ñ Å ﬁ'.repeat(50)],
  ['whitespace', ' \t\n\r\n   \u00a0\u2003'.repeat(100)],
  ['numbers', '3.14159 1e-9 0xdeadbeef 1234567890 '.repeat(50)],
  ['JSON', JSON.stringify({ a: [1, 2.5, null, true, 'x\n\u0000'], b: { c: '\u2028' } }).repeat(20)],
  ['base64', Buffer.from(Array.from({ length: 6000 }, (_, n) => (n * 31 + 7) % 256)).toString('base64')],
  ['lone halves', 'a\ud800b\udc00c'],
];

describe('o200k', () => {
  const tiktoken = get_encoding('o200k_base');
  let ours: Tokenizer;
  beforeAll(async () => (ours = await o200k()));
  afterAll(() => tiktoken.free());
  const theirs = (text: string): number => tiktoken.encode(text, [], []).length;

  it.each([
    ...hard,
    ...textsIn('packages/mcp', '.md'),
    ...textsIn('packages/mcp/src', '.ts'),
    ...textsIn('examples/mcp-server', '.md'),
    ...textsIn('docs/ci', '.md'),
  ])('counts as tiktoken does: %s', (_, text) => {
    expect(ours.count(text)).toBe(theirs(text));
  });

  it('counts long runs in parts, to within a token for each thousand, and does not hang', () => {
    const ending = { a: 'a'.repeat(20_000), '=': '='.repeat(20_000), ' ': ' '.repeat(20_000), é: 'é'.repeat(5000) };
    for (const text of Object.values(ending)) {
      const known = theirs(text.slice(0, 4000));
      expect(Math.abs(ours.count(text.slice(0, 4000)) - known)).toBeLessThanOrEqual(4);
      // Compared with all its pairs, each of them takes half a second and more; together they have two seconds here.
      expect(processorTime(() => expect(ours.count(text)).toBeGreaterThan(0))).toBeLessThan(2000);
    }
  });

  it('loses nothing between the parts', () => {
    for (const text of ['short', 'a'.repeat(1000), `x ${'b'.repeat(2500)} y`, '𝒳'.repeat(1500), ' '.repeat(3001)]) {
      const parts = [...partsOf(text)];
      expect(parts.join('')).toBe(text);
      expect(parts.some((part) => /^[\uDC00-\uDFFF]/.test(part))).toBe(false);
    }
  });
});
