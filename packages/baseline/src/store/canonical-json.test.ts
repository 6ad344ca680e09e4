import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('sorts keys, leaves undefined out, and keeps lists of numbers on one line', () => {
    const text = canonicalJson({
      b: [1, 2.5, -3e-7],
      a: { z: undefined, y: null, x: [] },
      c: [{ k: 'v' }],
      d: [
        [0, 1],
        [2, 3],
      ],
      e: {},
    });
    expect(text).toBe(
      [
        '{',
        '  "a": {',
        '    "x": [],',
        '    "y": null',
        '  },',
        '  "b": [1, 2.5, -3e-7],',
        '  "c": [',
        '    {',
        '      "k": "v"',
        '    }',
        '  ],',
        '  "d": [[0, 1], [2, 3]],',
        '  "e": {}',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('writes what JSON cannot as strings, and keeps the sign of zero', () => {
    expect(canonicalJson([Infinity, -Infinity, NaN, -0, 0])).toBe('["Infinity", "-Infinity", "NaN", -0, 0]\n');
  });

  it('escapes lone surrogates, so that the text survives UTF-8', () => {
    const text = canonicalJson(['\ud800', 'ä😀', '__proto__']);
    const bytes = new TextEncoder().encode(text);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(['\ud800', 'ä😀', '__proto__']);
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  it.each([
    ['a typed array', { data: { values: new Float64Array(2) } }, 'data.values', 'a Float64Array'],
    ['a date', { at: new Date(0) }, 'at', 'a Date'],
    ['a map', [new Map()], '[0]', 'a Map'],
    ['a function', { run: () => 1 }, 'run', 'a function'],
    ['a big integer', { n: [1, 2n] }, 'n[1]', 'a bigint'],
    ['undefined in a list', { list: [1, undefined] }, 'list[1]', 'undefined'],
    ['a hole in a list', { list: new Array<number>(1) }, 'list[0]', 'undefined'],
    ['a cycle', cyclic, 'self.self', 'nested too deeply'],
    ['nothing at all', undefined, 'the value', 'undefined'],
  ])('refuses %s and says where it is', (_what, value, path, kind) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({
        code: 'not-encodable',
        exitCode: 4,
        message: expect.stringMatching(
          new RegExp(`${path.replace(/[[\]]/g, '\\$&')}.* as JSON: it is ${kind}`),
        ) as string,
      }),
    );
  });
});
