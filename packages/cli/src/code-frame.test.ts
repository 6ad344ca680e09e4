import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { codeFrame } from './code-frame.ts';

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-frame-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'a.perf.ts');

it.each([
  ['plain', "load('x', ['p99 < 200']);", ["1 | load('x', ['p99 < 200']);", '  | ' + ' '.repeat(12) + '^'.repeat(9)]],
  [
    'behind wide characters',
    "load('日本', ['p99 < 200']);",
    ["1 | load('日本', ['p99 < 200']);", '  | ' + ' '.repeat(15) + '^'.repeat(9)],
  ],
  ['behind a tab', "\tx('p99 < 200')", ["1 |  x('p99 < 200')", '  | ' + ' '.repeat(4) + '^'.repeat(9)]],
])('underlines what is wrong: %s', (_, source, lines) => {
  writeFileSync(file, source);
  expect(codeFrame({ file, line: 1, column: 1 }, 'p99 < 200')?.lines).toEqual(lines);
});

it('shows nothing of a file that is gone or was longer', () => {
  expect(codeFrame({ file: join(folder, 'none.ts'), line: 1, column: 1 })).toBeUndefined();
  expect(codeFrame({ file, line: 9, column: 1 })).toBeUndefined();
});
