import type { Comparison, Report, Unit } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { comparison, passing } from '../../test/support/fixtures.ts';
import {
  encodeCiReport,
  parseCiReport,
  renderAnnotations,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderPullRequest,
  renderSarif,
  renderTerminal,
  summariseReport,
  type CiReport,
} from '../index.ts';
import { allRows, reachOf } from './comparison-row.ts';
import { shownEffect, shownWords } from './shown-effect.ts';

const words = (value: number, lo: number, hi: number, unit: Unit, base?: number, smallBase?: true): string =>
  shownWords(shownEffect({ value, lo, hi, smallBase }, unit, base));

it.each([
  ['a time', words(0.146, 0.112, 0.181, 'ns', 41e6), '+14.6 % [11.2, 18.1]'],
  ['nothing to everything', words(100, 98.6, 100, 'ratio', 0), '+100 points [98.6, 100]'],
  ['a share of something', words(0.5, -0.1, 1.1, 'ratio', 0.2), '+10.0 points [−2.0, 22.0]'],
  ['less of it', words(-0.5, -0.6, -0.4, 'ratio', 0.2), '−10.0 points [−12.0, −8.0]'],
  ['too few rounds', words(1, -Infinity, Infinity, 'ratio', 0.2), '+20.0 points [no interval]'],
  ['a share of which no side is known', words(1, 0.5, 2, 'ratio'), '+100 % [50.0, 200]'],
  ['a very small share', words(0.04, 0.01, 0.2, 'ratio', 0), '+0.04 points [0.01, 0.2]'],
  ['next to nothing', words(3.5, 3.25, 3.75, 'B/op', 0.009, true), '+56 B/op [52 B/op, 60 B/op]'],
  ['next to nothing to less', words(-1, -1.5, -0.5, 'B/op', 4, true), '−16 B/op [−24 B/op, −8 B/op]'],
  ['no event, with too few rounds', words(3, -Infinity, Infinity, 'count', 0, true), '+3 [no interval]'],
])('the change of %s is said as people say it', (_what, said, expected) => {
  expect(said).toBe(expected);
});

it('from next to nothing a change is told by its size and drawn relative to what counts, everywhere', () => {
  const { run } = passing();
  const warnings = [{ code: 'small-base', message: 'relative to 16 B/op, since base is less than that' }];
  const effect = { value: 3.5, lo: 3.25, hi: 3.75, confidence: 0.95, method: '', warnings };
  const verdict = { kind: 'fail', reasons: [] } as const;
  const given = {
    ...comparison().comparisons[1]!,
    effect,
    decision: 'regressed',
    statistic: 'value',
    verdict,
  } as const;
  const growth: Comparison = { ...given, metric: 'growth', unit: 'B/op', base: [0.009, 0.009], head: [56, 56] };
  const [row] = allRows(run, [growth]);
  expect(row).toMatchObject({ base: '0.009 B/op', head: '56 B/op', change: '+56 B/op [52 B/op, 60 B/op]' });
  expect(row!.drawn).toMatchObject({ value: 3.5, lo: 3.25, hi: 3.75 });
  const report: Report = { run, comparison: { ...comparison(), comparisons: [growth] } };
  const project = summariseReport(report, { folder: '', exitCode: 1, toplevel: '/repo' });
  const ci: CiReport = { schemaVersion: 1, tool: 'x', event: 'push', projects: [project], skipped: [], notes: [] };
  const texts = [
    ...[
      renderMarkdown(report),
      renderHtml(report),
      renderTerminal(report, { width: 120, colour: false, unicode: true }),
    ],
    ...[ci, parseCiReport(encodeCiReport(ci), 'x')].flatMap((each) => [
      ...[renderPullRequest(each), renderJunit(each), renderSarif(each), renderAnnotations(each)],
    ]),
  ];
  for (const text of texts) {
    expect(text.replaceAll('\\', '')).toContain('+56 B/op [52 B/op, 60 B/op]');
    expect(text).not.toContain('350 %');
  }
  for (const text of texts.slice(0, 3)) {
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Where base is less than 16 B/op, changes are held against that much.',
    );
  }
  expect(renderJunit(ci)).toContain('<property name="difference" value="56"/>');
  expect(renderJson(report)).toContain('relative to 16 B/op, since base is less than that');
});

it('a share is told in points, and drawn relative as its limits are, without stretching the axis of others', () => {
  const { run } = passing();
  const effect = { value: 2, lo: 1, hi: 3, confidence: 0.95, method: '', warnings: [] };
  const given = comparison().comparisons[0]!;
  const errors: Comparison = {
    ...given,
    decision: 'regressed',
    metric: 'errors',
    unit: 'ratio',
    base: [0, 0],
    head: [0.02, 0.02],
    effect,
  };
  const [row] = allRows(run, [errors]);
  expect(row).toMatchObject({ base: '0 %', head: '2 %', change: '+2.0 points [1.0, 3.0]', word: 'worse' });
  expect(row!.drawn).toMatchObject({ value: 2, lo: 1, hi: 3, difference: { unit: 'ratio', value: 0.02 } });
  expect(reachOf([errors], 0.05)).toBe(0.1);
});
