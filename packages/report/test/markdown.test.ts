import { expect, test } from 'vitest';
import { markdownBudget, renderMarkdown } from '../src/index.ts';
import { buildRun, type Draft } from './support/build-run.ts';
import { comparing, failing, hostile, hostileName, passing } from './support/fixtures.ts';
import { startup } from './support/drafts.ts';

const firstLine = (text: string): string => text.split('\n')[0]!;

test('the first line says whether to read on, and why', () => {
  expect(firstLine(renderMarkdown(passing()))).toBe('### ✅ PASS orders-api: no action needed');
  expect(firstLine(renderMarkdown(comparing()))).toBe(
    '### ❌ FAIL orders-api · 5 compared: 1 regressed, 2 undecided and 1 improved',
  );
  expect(firstLine(renderMarkdown(failing()))).toBe(
    '### ⛔ COULD NOT MEASURE orders-api · 2 of 4 benchmarks could not be measured',
  );
});

test('what was kept is folded away where something else is to be read, and nowhere else', () => {
  const before = (text: string): string => text.slice(0, text.indexOf('<details>'));
  expect(before(renderMarkdown(comparing()))).not.toContain('| ✅ |');
  expect(renderMarkdown(comparing())).toContain('<details><summary>6 objectives kept</summary>\n\n|  | benchmark |');
  expect(before(renderMarkdown(passing())).match(/^\| ✅ \|/gm)).toHaveLength(6);
});

test('a hostile name stays a name', () => {
  const text = renderMarkdown(hostile());
  const outside = text.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');
  expect(outside.replace(/<\/?(?:details|summary)>/g, '')).not.toMatch(/[<>](?!$| )/m);
  expect(outside).not.toMatch(/(?<!\\)`|(?<!\\)\[|@everyone|^# /m);
  expect(text).not.toContain('\u001b');
  const rows = outside.split('\n').filter((line) => line.startsWith('|'));
  const cells = (row: string): number => row.split(/(?<!\\)\|/).length;
  const [objectives] = rows.filter((row) => row.includes('p99'));
  expect(cells(objectives!)).toBe(7);
  expect(new Set(rows.map(cells))).toEqual(new Set([4, 5, 7]));
});

const many = (count: number, name = 'route'): Draft[] =>
  Array.from({ length: count }, (_, i) =>
    startup(`${name} ${i}`, [100 + i, 101 + i], [i % 50 === 7 ? 'max < 1ms' : 'max < 9s']),
  );

test('details are dropped first, so that it fits into a comment', () => {
  const text = renderMarkdown({ run: buildRun(many(500)) });
  expect(text.length).toBeLessThanOrEqual(markdownBudget);
  expect(text).toContain('Some details were left out for length');
  expect(text).not.toContain('<summary>Measurements</summary>');
  expect(text).toContain('<summary>Environment</summary>');
  expect(text).toContain('| ✅ | route 499 |');
});

test('then rows, of which the worst are kept', () => {
  const text = renderMarkdown({ run: buildRun(many(1200)) });
  expect(text.length).toBeLessThanOrEqual(markdownBudget);
  expect(text.match(/^\| ❌ /gm)).toHaveLength(24);
  expect(text).toContain('and 876 more');
});

test('even endless names and messages fit', () => {
  const broken = many(40, hostileName.repeat(50)).map(({ id }) => ({
    id,
    failures: Array.from({ length: 3 }, (_, round) => ({
      round,
      error: { code: 'threw', message: `${round} ${'<'.repeat(9000)}`, hint: '&'.repeat(9000), exitCode: 4 as const },
    })),
  }));
  const text = renderMarkdown({ run: buildRun([...broken, ...many(50, '|'.repeat(500))]) });
  expect(text.length).toBeLessThanOrEqual(markdownBudget);
  expect(firstLine(text)).toContain('COULD NOT MEASURE');
});
