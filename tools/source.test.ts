import { describe, expect, it } from 'vitest';
import { exportsOf, importsOf, isBare, memberNames, otherThanReExports, packageOf, usesOf } from './source.ts';

// The rules of the workspace are only as good as what they see: this file breaks all of them.
const file = 'tools/fixtures/impure.ts';
const lines = (found: readonly { what: string; where: string }[]): string[] =>
  found.map(({ what, where }) => `${where.split(':')[1]} ${what}`);

describe('importsOf', () => {
  it('sees every way to name a module, and no path or text', () => {
    expect(lines(importsOf(file))).toEqual([
      '2 node:fs',
      '3 @nx/devkit',
      '4 csv-parse',
      '6 zod',
      '7 d3-shape/deep',
      '8 esbuild',
      '9 commander',
      '10 rollup',
    ]);
  });
});

describe('usesOf', () => {
  it('sees globals and their members, not members, keys and types of that name', () => {
    const found = usesOf(file, ['Date', 'performance', 'Math.random', 'console', 'process.stdout']);
    expect(lines(found)).toEqual([
      '12 Date',
      '12 performance',
      '12 Math.random',
      '13 console',
      '13 console',
      '13 process.stdout',
    ]);
  });
});

describe('exportsOf', () => {
  it('names what a module exports, with the members of its types', () => {
    const found = exportsOf('tools/fixtures/re-exporting.ts');
    expect(found.map(({ name }) => name)).toEqual(['now', 'Settings', 'Options', 'here']);
    const options = found.find(({ name }) => name === 'Settings');
    expect(options?.declaration && memberNames(options.declaration)).toEqual([
      'thresholdMs',
      'nested',
      'check',
      'checkpoint',
    ]);
  });

  it('follows a re-export into a package of the workspace', () => {
    const names = exportsOf('packages/core/src/index.ts').map(({ name }) => name);
    expect(names).toContain('parseObjective');
    expect(exportsOf('packages/core/src/index.ts').find(({ name }) => name === 'Verdict')?.declaration).toBeDefined();
  });
});

describe('otherThanReExports', () => {
  it('finds code in a file that should only re-export', () => {
    expect(lines(otherThanReExports('tools/fixtures/re-exporting.ts'))).toEqual(['3 export const here = 1;']);
  });
});

describe('specifiers', () => {
  it.each([
    ['zod', true],
    ['@nx/devkit/internal', true],
    ['node:fs', false],
    ['./x.ts', false],
    ['#internal', false],
  ])('%s is bare: %s', (specifier, expected) => {
    expect(isBare(specifier)).toBe(expected);
  });

  it('loses the path inside the package', () => {
    expect(packageOf('@nx/devkit/internal')).toBe('@nx/devkit');
    expect(packageOf('d3-shape/deep')).toBe('d3-shape');
  });
});
