import { hodgesLehmannRatio, metrics, type Comparison, type ComparisonReport, type Report } from '@perfkeel/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRun, type Draft } from '../../test/support/build-run.ts';
import { leak, load, parser, startup } from '../../test/support/drafts.ts';
import { renderTerminal } from './render-terminal.ts';
import { visibleWidth } from './text-width.ts';
import { renderTrends, renderTrendTable } from './trend-rows.ts';

/** What names are made of by those who mean no harm, and by those who do. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  fc.constantFrom('日本語のテスト', '한국어', 'ｆｕｌｌ', '👩‍👩‍👧', '🏳️‍🌈', '❤️', '🇩🇪', 'é', 'ก็', ' ', '/', '-'.repeat(40)),
  fc.constantFrom(
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\u009b31m',
    '\u001b[1',
    '\r',
    '\n',
    '\u202e',
    '\u0007',
    '\u2028',
  ),
);
const name = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => `n${pieces.join('')}`);
const width = fc.integer({ min: 40, max: 200 });

const sized = (family: string, size: number): Draft => ({
  ...parser(`${family} ${size}`, size),
  variant: { family, parameters: { [family]: size } },
});

const member = (protocol: string, implementation: string, role: 'property' | 'alternative'): Draft => ({
  id: `${protocol} ${role} ${implementation}`,
  metrics: [role === 'property' ? metrics.violations : metrics.timePerOperation],
  variant: {
    family: `${protocol} ${role === 'property' ? 'properties' : 'timed'}`,
    parameters: { implementation },
    role,
  },
  rounds: 1,
  measure: () =>
    implementation.length % 2 === 0
      ? []
      : [{ metric: role === 'property' ? 'violations' : 'time', data: { kind: 'exact', value: 3 } }],
});

const noise = [1, 1.01, 0.99, 1.02];
const compared = (benchmark: string, metric: string, statistic: string): Comparison => {
  const head = noise.map((factor) => factor * 1.2);
  const effect = hodgesLehmannRatio(noise, head);
  const verdict = { kind: 'fail', reasons: [{ code: 'regressed', message: benchmark }], needs: benchmark } as const;
  return { benchmark, metric, unit: 'ns', statistic, base: noise, head, effect, decision: 'regressed', verdict };
};

/** Everything that the screen can show, with places for names. */
function template(a: string, b: string, unit: string): Report {
  const run = buildRun(
    [
      load(a, ['p99 < 120ms', 'errors < 1%'], { requests: 60, lagWarning: true, dropped: 2 }),
      startup(b, [100, 101], ['max < 1ms']),
      leak(`${a} leak`, { value: 212, lo: 208, hi: 217, confidence: 0.95 }),
      { ...parser(`${a}1`, 1e6), group: b },
      { ...parser(`${b}2`, 2e6), group: b },
      sized(unit, 10),
      sized(unit, 100),
      ...['short', a, `${b}b`].flatMap((each) =>
        (['property', 'alternative'] as const).map((role) => member(unit, each, role)),
      ),
      { id: `${b} fails`, failures: [{ round: 0, error: { code: 'threw', message: a, hint: b, exitCode: 4 } }] },
    ],
    { provenance: { project: a, branch: b }, environment: { cpu: a, warnings: [{ code: 'x', message: b }] } },
  );
  const comparison: ComparisonReport = {
    base: { id: a, label: b },
    head: { id: b, label: a },
    comparisons: [compared(a, 'response-time', 'p99'), compared(b, 'startup-time', 'p50')],
    warnings: [{ code: 'x', message: a }],
    verdict: { kind: 'fail', reasons: [{ code: 'regressed', message: a }] },
  };
  return { run, comparison };
}

const places = ['(first)', '(second)', '(third)'] as const;
const drawn = template(...places);

/** Names in their places: measuring and judging once is enough. */
function named(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') return places.reduce((text, at, i) => text.replaceAll(at, names[i]!), value);
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map((each) => named(each, names));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [named(key, names), named(each, names)]));
}

test('no line is wider than the screen, and no name commands it', () => {
  fc.assert(
    fc.property(name, name, name, width, fc.boolean(), (a, b, unit, columns, verbose) => {
      const report = named(drawn, [a, `${b}.`, unit]) as Report;
      const shown = renderTerminal(report, { colour: false, unicode: true, width: columns, verbose });
      expect(shown.split('\n').filter((line) => visibleWidth(line) > columns)).toEqual([]);
      expect(shown).not.toMatch(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      const ascii = renderTerminal(report, { colour: false, unicode: false, width: columns });
      expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
      expect(ascii.split('\n').filter((line) => line.length > columns)).toEqual([]);
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

test('trends keep to the screen as well', () => {
  fc.assert(
    fc.property(name, name, width, fc.integer({ min: 1, max: 90 }), (a, b, columns, count) => {
      const values = Array.from({ length: count }, (_, i) => 1 + (i % 7));
      const notes = [{ news: 'worse' as const, text: b }];
      const row = { name: a, title: b, values, marks: [count - 1], now: '12.3 ms', notes };
      for (const unicode of [true, false]) {
        const look = { colour: false, unicode, width: columns };
        const shown = renderTrends([row], look) + renderTrendTable([row, { ...row, name: 'x' }], look);
        expect(shown.split('\n').filter((line) => visibleWidth(line) > columns)).toEqual([]);
        expect(shown).not.toMatch(/[^\P{Cc}\n]/u);
      }
    }),
    { numRuns: 30, endOnFailure: true },
  );
});
