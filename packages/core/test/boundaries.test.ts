import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** What every source file imports, tests left out. */
const imports = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) =>
    [...readFileSync(`${source}${file}`, 'utf8').matchAll(/^(?:import|export|\}) .*from '([^']+)';$/gm)].map(
      ([, module]) => ({ file: file.replaceAll('\\', '/'), module: module! }),
    ),
  );

const importersOf = (module: RegExp): string[] => [
  ...new Set(imports.filter((entry) => module.test(entry.module)).map(({ file }) => file)),
];

it('reads the imports of every file', () => {
  expect(imports.length).toBeGreaterThan(100);
});

it('zod is loaded only by those who ask for ./schema', () => {
  expect(importersOf(/^zod/).length).toBeGreaterThan(0);
  expect(importersOf(/^zod/).filter((file) => !file.startsWith('schema/'))).toEqual([]);
  expect(importersOf(/^\.+\/schema(\.ts|\/)/)).toEqual(['schema.ts']);
});

it('hdr-histogram-js is loaded only by those who ask for ./hdr', () => {
  expect(importersOf(/^hdr-histogram-js/)).toEqual(['hdr.ts']);
  expect(importersOf(/\/hdr\.ts$/)).toEqual([]);
});

it('nothing else is loaded at all, and no tool of testing', () => {
  expect(imports.filter(({ module }) => !/^(\.|zod$|hdr-histogram-js$)/.test(module))).toEqual([]);
  expect(importersOf(/^\.+\/testing(\.ts|\/)/)).toEqual(['testing.ts']);
});
