import { encodeRun, importRuns } from '@perfkeel/baseline';
import { PerfError } from '@perfkeel/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fixture, fixtureNames } from './fixture.ts';

const strange = fc.constantFrom(
  'null', 'true', '-1', '1e999', '1e308', '-0', '5e-324', '""', '"x"', '"NaN"', '[]', '{}', '[[]]', '{"__proto__":1}',
  '{"toString":null}', '"../../x"', '"\\u0000"', '9007199254740993', '[null]',
); // prettier-ignore

/** A sample with a piece replaced, cut out, doubled, or cut off behind it. */
const mutated = fc
  .record({
    name: fc.constantFrom(...fixtureNames),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    how: fc.constantFrom('value', 'cut', 'double', 'end', 'byte'),
    value: strange,
    byte: fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }),
  })
  .map(({ name, at, length, how, value, byte }) => {
    const text = fixture(name);
    const from = Math.floor(at * text.length);
    const [before, piece, after] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)];
    switch (how) {
      case 'value': // the next value of a field becomes something else
        return { name, text: before + text.slice(from).replace(/(": ?)([^,{}[\]\n]+|\[\]|\{\})/, `$1${value}`) };
      case 'cut':
        return { name, text: before + after };
      case 'double':
        return { name, text: before + piece + piece + after };
      case 'end':
        return { name, text: before };
      case 'byte':
        return { name, text: before + byte + after };
    }
  });

it('a damaged file is a run that can be stored, or one error that names the file', () => {
  let imported = 0;
  fc.assert(
    fc.property(mutated, ({ name, text }) => {
      try {
        for (const run of importRuns('auto', text, { file: name, at: 1e12 }).runs) encodeRun(run);
        imported += 1;
      } catch (error) {
        if (!(error instanceof PerfError) || error.code === 'not-encodable') throw error;
        expect(error.message).toContain(name);
        expect(['bad-import', 'unknown-format']).toContain(error.code);
        expect(error.message.length).toBeLessThan(1000);
      }
    }),
    { numRuns: 600 },
  );
  expect(imported, 'some damage is harmless').toBeGreaterThan(20);
});

it('any JSON at all, for every format by its name', () => {
  const formats = ['vitest-bench', 'tinybench', 'hyperfine', 'k6', 'autocannon', 'vegeta', 'mitata', 'criterion'];
  const keys = fc.constantFrom(
    'results',
    'metrics',
    'files',
    'benchmarks',
    'name',
    'latency',
    'values',
    'a',
    '__proto__',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, -1, 1.5, '', 'x'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.constantFrom(...formats, 'auto', 'bencher', 'codspeed', 'pytest-benchmark'),
      tree,
      (format, value) => {
        try {
          for (const run of importRuns(format, JSON.stringify(value), { file: 'a.json', at: 0 }).runs) encodeRun(run);
        } catch (error) {
          if (!(error instanceof PerfError) || error.code === 'not-encodable') throw error;
          expect(error.message).toContain('a.json');
        }
      },
    ),
    { numRuns: 1000 },
  );
});
