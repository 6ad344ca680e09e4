import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileKeys } from './object-log-contract.ts';
import { decodeName, encodeName, isObjectKey } from './object-key.ts';

describe('a key', () => {
  it.each(['objects/ab/abc.json', 'baselines/release=2f1.4/00000001-ab.json', 'a', '=41', 'console'])(
    'may be %s',
    (key) => {
      expect(isObjectKey(key)).toBe(true);
    },
  );

  it.each(hostileKeys.map((key) => [key]))('may not be %j', (key) => {
    expect(isObjectKey(key)).toBe(false);
  });
});

describe('a name as part of a key', () => {
  it.each([
    ['main', 'main'],
    ['release/1.4', 'release=2f1.4'],
    ['Main', '=4dain'],
    ['con', '=63o=6e'],
    ['aux.json', '=61ux.jso=6e'],
    ['..', '=2e=2e'],
    ['a=b', 'a=3db'],
    ['ü', '=c3=bc'],
  ])('%s becomes %s', (name, encoded) => {
    expect(encodeName(name)).toBe(encoded);
    expect(decodeName(encoded)).toBe(name);
  });

  it.each(['a=2', 'a=zz', 'A', '=61', 'a%62', '=ff'])('%s stands for nothing', (encoded) => {
    expect(decodeName(encoded)).toBeUndefined();
  });

  it('is always safe, and never that of another name, even where case is ignored', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(isObjectKey(encodeName(a))).toBe(true);
        expect(decodeName(encodeName(a))).toBe(a);
        expect(encodeName(a).toLowerCase() === encodeName(b).toLowerCase()).toBe(a === b);
      }),
    );
  });
});
