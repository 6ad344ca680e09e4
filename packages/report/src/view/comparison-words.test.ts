import type { ComparisonReport } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { comparison, passing } from '../../test/support/fixtures.ts';
import { renderHtml, renderMarkdown, renderTerminal } from '../index.ts';
import { allRows } from './comparison-row.ts';
import { basisWords, quietWords, roundsWords } from './comparison-words.ts';

const { run } = passing();
const stored = comparison();
const [first, second] = [stored.comparisons[1]!, stored.comparisons[2]!];
const identical = { ...first, decision: 'identical' as const, base: [], head: [], effect: undefined };
const report: ComparisonReport = {
  ...stored,
  method: 'interleaved',
  base: { ...stored.base, label: 'main 9c07d11', why: 'merge base of HEAD and main' },
  comparisons: [
    first,
    identical,
    { ...identical, benchmark: 'start the server' },
    {
      ...second,
      screening: { base: second.base.slice(0, 5), head: second.head.slice(0, 5), effect: second.effect! },
    },
  ],
  control: { pairs: 6, largest: 0.0137 },
  reproduce: 'perfkeel compare --against 9c07d11 --only checkout',
};

test('what is no news is one line', () => {
  expect(quietWords(stored)).toBe('1 unchanged');
  expect(quietWords(report)).toBe('1 unchanged, 2 identical: the same code on both sides');
  expect(quietWords({ ...report, comparisons: [identical] })).toBe('1 identical: the same code on both sides');
});

test('what was compared, why with this, and what identical code came to', () => {
  expect(basisWords(stored)).toEqual([]);
  expect(basisWords(report)).toEqual([
    'Compared this run with main 9c07d11 (merge base of HEAD and main): both measured here, in turns.',
    'Identical code came out up to 1.4 % apart here (6 pairs).',
  ]);
  expect(basisWords({ ...report, method: 'stored', control: undefined })[0]).toContain('session of its own');
});

test('rounds are those of both sets', () => {
  expect(roundsWords(report)).toBe('6 to 11 rounds a side');
  expect(allRows(run, report.comparisons).map(({ rounds }) => rounds)).toEqual(['5 + 6', '6', '0', '0']);
  expect(roundsWords({ ...report, comparisons: [identical] })).toBe(undefined);
});

test('every report says it, and shows no row for identical code', () => {
  const texts = [
    renderMarkdown({ run, comparison: report }),
    renderHtml({ run, comparison: report }),
    renderTerminal({ run, comparison: report }, { width: 100, colour: false, unicode: true }),
  ];
  for (const text of texts) {
    expect(text).toContain('2 identical: the same code on both sides');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('merge base of HEAD and main');
    expect(text).toContain('perfkeel compare --against 9c07d11 --only checkout');
  }
});
