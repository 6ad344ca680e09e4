import { pass, type ComparisonReport, type Report, type Run } from '@perfkeel/core';
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
  nodeFlags: ['--no-concurrent-recompilation'],
  control: { pairs: 6, largest: 0.0137 },
  reproduce: 'perfkeel compare --against 9c07d11 --only checkout',
};

const inAllFormats = (of: Report): readonly string[] => [
  renderMarkdown(of),
  renderHtml(of),
  renderTerminal(of, { width: 100, colour: false, unicode: true }),
];

test('what is no news is one line', () => {
  expect(quietWords(stored)).toBe('1 unchanged');
  expect(quietWords(report)).toBe(
    `1 unchanged, 2 identical: the same code on both sides (${first.benchmark}, start the server)`,
  );
  const many = Array.from({ length: 9 }, (_, i) => ({ ...identical, benchmark: `b${i}` }));
  expect(quietWords({ ...report, comparisons: many })).toBe(
    '9 identical: the same code on both sides (b0, b1, b2, b3, b4 and 4 more)',
  );
  expect(quietWords({ ...report, comparisons: [] })).toBe('');
});

test('what was compared, why with this, and what identical code came to', () => {
  expect(basisWords(stored)).toEqual([]);
  expect(basisWords(report)).toEqual([
    'Compared this run with main 9c07d11 (merge base of HEAD and main): both measured here, in turns.',
    'Micro-benchmarks ran with --no-concurrent-recompilation on both sides.',
    'Identical code came out up to 1.4 % apart here (6 pairs).',
  ]);
  expect(basisWords({ ...report, method: 'stored', control: undefined })[0]).toContain('session of its own');
});

test('a gate that nothing else shows is said to be what it is, once', () => {
  const plans = run.plan.benchmarks.map((plan) => (plan.id === first.benchmark ? { ...plan, kind: 'bench' } : plan));
  const bench: Run = { ...run, plan: { ...run.plan, benchmarks: plans } };
  const low = { ...first, statistic: 'p10', decision: 'regressed' as const };
  const made = (of: Run): readonly string[] =>
    inAllFormats({ run: of, comparison: { ...report, comparisons: [low, { ...low, metric: 'other' }] } });
  for (const text of made(bench)) expect(text.split('one in ten samples of a round is faster')).toHaveLength(2);
  for (const text of made(run)) expect(text).not.toContain('one in ten');
});

test('a share is told in points and cut where it leaves the axis, with the values of both sides', () => {
  const effect = { value: 100, lo: 98, hi: 100, confidence: 0.95, method: '', warnings: [] };
  const failing = { ...first, metric: 'errors', statistic: 'share', unit: 'ratio' as const, effect };
  const errors = { ...failing, decision: 'regressed' as const, base: [0, 0, 0], head: [1, 1, 1] };
  const of: Report = { run, comparison: { ...report, comparisons: [errors] } };
  for (const text of inAllFormats(of)) expect(text).toMatch(/\+100 points \\?\[98\.0, 100\\?\]/);
  for (const text of inAllFormats(of)) expect(text).not.toContain('000 %');
  const [wide, narrow] = [200, 80].map((width) => renderTerminal(of, { width, colour: false, unicode: false }));
  expect(wide).toMatch(/errors share {2}0 % -> 100 % {2}\+100 points/);
  expect(narrow).toMatch(/\n {7}0 % -> 100 %\n/);
});

test('what was passed over is said apart from why the base was taken, and a run without a name is this one', () => {
  const reasons = [1, 2, 3, 4, 5, 6].map((version) => `baseline main, version ${version}: it is damaged\nor gone`);
  const base = { ...report.base, label: 'main', why: 'baseline main, version 7', passedOver: reasons.slice(0, 1) };
  const head = { id: 'r2', label: 'r2' };
  const stored = { ...report, method: 'stored', head, nodeFlags: [], control: undefined } as const;
  const [compared, passed, ...others] = basisWords({ ...stored, base });
  expect(compared).toMatch(/^Compared this run with main \(baseline main, version 7\): each measured in a session/);
  expect([passed, others]).toEqual(['Passed over: baseline main, version 1: it is damaged or gone.', []]);
  expect(basisWords({ ...stored, base: { ...base, passedOver: reasons } })[1]).toMatch(/version 4: [^;]*; 2 more\.$/);
  for (const text of inAllFormats({ run, comparison: { ...stored, base } })) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Passed over: baseline main, version 1: it is damaged or gone.');
  }
});

test('when nothing had to be measured, every report says what was compared and that it was all identical', () => {
  const needless: Run = {
    ...run,
    plan: { ...run.plan, benchmarks: [] },
    ...{ measurements: [], judgements: [], benchmarks: [] },
    verdict: { kind: 'pass', reasons: [{ code: 'nothing-to-measure', message: 'both sides execute the same' }] },
  };
  const same: ComparisonReport = {
    ...report,
    comparisons: [identical, { ...identical, benchmark: 'start' }],
    control: undefined,
    verdict: pass,
  };
  for (const text of inAllFormats({ run: needless, comparison: same })) {
    const words = text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(words).toContain('2 compared, identical');
    expect(words).toContain(`2 identical: the same code on both sides (${first.benchmark}, start)`);
    expect(words).toMatch(/Compared this run with main 9c07d11 \(merge base of HEAD and main\): nothing had to/);
    expect(words).toContain('perfkeel compare --against 9c07d11 --only checkout --calibrate');
    expect(words).not.toMatch(/nothing ran|no value|perfkeel init|in turns/);
  }
  // Only what is new: there was nothing to compare it with.
  for (const text of inAllFormats({ run: needless, comparison: { ...same, comparisons: [] } })) {
    expect(text).toMatch(/nothing in common to compare/i);
    expect(text).not.toMatch(/perfkeel init|0 unchanged/);
  }
});

test('names of identical benchmarks cannot smuggle anything in', () => {
  const hostile = { ...identical, benchmark: '<b>\u001b[31m*x*\n# y' };
  const [markdown, html, terminal] = inAllFormats({ run, comparison: { ...report, comparisons: [hostile] } });
  expect(markdown).not.toMatch(/<b>|\n# y/);
  expect(html).not.toContain('<b>');
  expect(terminal).not.toContain('\u001b');
});

test('rounds are those of both sets', () => {
  expect(roundsWords(report)).toBe('6 to 11 rounds a side');
  expect(allRows(run, report.comparisons).map(({ rounds }) => rounds)).toEqual(['5 + 6', '6', '0', '0']);
  expect(roundsWords({ ...report, comparisons: [identical] })).toBe(undefined);
});

test('every report says it, and shows no row for identical code', () => {
  for (const text of inAllFormats({ run, comparison: report })) {
    expect(text).toContain('2 identical: the same code on both sides');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('merge base of HEAD and main');
    expect(text).toContain('perfkeel compare --against 9c07d11 --only checkout');
  }
});
