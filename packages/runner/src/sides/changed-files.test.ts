import { expect, it } from 'vitest';
import { classOfFile } from './changed-files.ts';

it.each([
  ['README.md', 'inert'],
  ['packages/a/docs/guide.md', 'inert'],
  ['notes.md', 'inert'],
  ['packages/a/test/fixtures/long.md', 'data'],
  ['.github/workflows/ci.yml', 'inert'],
  ['src/parse.test.ts', 'inert'],
  ['other.perf.ts', 'inert'],
  ['other.perf.tsx', 'inert'],
  ['other.perf.mtsx', 'source'],
  ['eslint.config.mjs', 'inert'],
  ['package-lock.json', 'seen'],
  ['packages/a/package.json', 'seen'],
  ['tsconfig.base.json', 'seen'],
  ['src/parse.ts', 'source'],
  ['src/parse.cjs', 'source'],
  ['data/words.txt', 'data'],
  ['schema.sql', 'data'],
  ['src/table.json', 'data'],
] as const)('%s is %s', (path, kind) => {
  expect(classOfFile(path)).toBe(kind);
});
