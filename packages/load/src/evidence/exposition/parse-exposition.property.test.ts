import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExposition } from './parse-exposition.ts';

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/);
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const value = fc.oneof(fc.double(), fc.integer());
const labels = fc.uniqueArray(fc.tuple(label, fc.string({ unit: 'binary' })), {
  selector: ([key]) => key,
  maxLength: 4,
});
const sample = fc.record({ name, labels, value });

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const written = (number: number): string => {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  return Object.is(number, -0) ? '-0' : String(number);
};

const lineOf = (one: { name: string; labels: [string, string][]; value: number }): string =>
  `${one.name}{${one.labels.map(([key, text]) => `${key}="${escaped(text)}"`).join(',')}} ${written(one.value)}`;

it('what is written is read', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 8 }), (all) => {
      const { samples, malformed } = parseExposition(all.map(lineOf).join('\n'));
      expect(malformed).toBe(0);
      expect(samples.map((one) => ({ ...one, labels: [...one.labels] }))).toEqual(all);
    }),
    { numRuns: 200 },
  );
});

const piece = fc.constantFrom(
  ...['{', '}', '"', '\\', ',', '=', '#', ' ', '\t', '\n', '\r', 'a', 'le', '1', '-', '.', 'e', '+Inf', 'NaN'],
  ...['# TYPE ', 'a_bucket', '\u0000', 'é', '# {', '"}', '\\"'],
);

it('what is damaged is left out or read as something else, and never throws', () => {
  const damaged = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    fc.tuple(sample, fc.nat(80), piece).map(([one, at, text]) => {
      const line = lineOf(one);
      return line.slice(0, at) + text + line.slice(at + 1);
    }),
  );
  fc.assert(
    fc.property(damaged, (text) => {
      const { samples, malformed } = parseExposition(text);
      expect(samples.length + malformed).toBeLessThanOrEqual(text.split('\n').length);
      for (const one of samples) expect(one.name).not.toBe('');
    }),
    { numRuns: 700 },
  );
});
