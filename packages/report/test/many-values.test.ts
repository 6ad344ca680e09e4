import { expect, test } from 'vitest';
import { renderHtml, renderMarkdown, renderTerminal } from '../src/index.ts';
import { closeScale, valueScale } from '../src/svg/value-scale.ts';
import { sparkline } from '../src/terminal/bars.ts';
import { glyphsOf } from '../src/terminal/glyphs.ts';
import { buildRun } from './support/build-run.ts';

const many = 150_000;
const values = Array.from({ length: many }, (_, i) => 1e6 + ((i * 7919) % many));

test('a scale over hundreds of thousands of values', () => {
  expect(valueScale(values, 1e6, 'ns', [0, 100]).place(0)).toBe(0);
  const close = closeScale(values, 'ns', [0, 100]);
  expect(close.place(1e6)).toBeGreaterThanOrEqual(0);
  expect(close.place(1e6 + many - 1)).toBeLessThanOrEqual(100);
});

test('a sparkline over hundreds of thousands of values', () => {
  expect(sparkline(values, 16, glyphsOf(true).bars)).toHaveLength(16);
});

test('a run with hundreds of thousands of values', () => {
  const points = values.map((value, i) => [i * 1e6, value] as const);
  const heap = { id: 'heap', unit: 'B', better: 'lower' } as const;
  const report = {
    run: buildRun([
      {
        id: 'one sample',
        kind: 'latency',
        rounds: 1,
        measure: () => [{ metric: 'time', data: { kind: 'sample', values } }],
      },
      {
        id: 'one series',
        kind: 'leak',
        rounds: 1,
        metrics: [heap],
        quantiles: false,
        measure: () => [{ metric: 'heap', data: { kind: 'series', points } }],
      },
    ]),
  };
  expect(renderTerminal(report, { colour: false, unicode: true, width: 80 })).toContain('150 000 values of time');
  expect(renderMarkdown(report)).toContain('150 000 values of time');
  expect(renderHtml(report).length).toBeLessThan(1e6);
});
