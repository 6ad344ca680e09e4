import type { Judgement } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { tagProblems } from '../../test/support/markup-balance.ts';
import { dotStrip } from './dot-strip.ts';
import { effectAxis, effectStrip } from './effect-strip.ts';
import { limitBar } from './limit-bar.ts';
import { seriesPlot } from './series-plot.ts';
import { closeScale, valueScale } from './value-scale.ts';

const label = { id: 'x', title: 't', description: 'd' };
const numbersOf = (svg: string, attribute: string): readonly number[] =>
  [...svg.matchAll(new RegExp(` ${attribute}="([-\\d.]+)"`, 'g'))].map(([, value]) => Number(value));
const wellFormed = (svg: string): void => {
  expect(tagProblems(svg)).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
};

test('a scale is linear from 0, and logarithmic when the greatest is far from a typical value', () => {
  const linear = valueScale([10, 100], 50, 'ns', [0, 105]);
  expect([linear.place(0), linear.place(100)]).toEqual([0, 100]);
  const log = valueScale([1e3, 1e9], 1e4, 'ns', [0, 100]);
  expect(log.ticks.map(({ label }) => label)).toEqual(['1 µs', '10 µs', '100 µs', '1 ms', '10 ms', '100 ms', '1 s']);
  expect(log.place(1e6) - log.place(1e5)).toBeCloseTo(log.place(1e5) - log.place(1e4), 9);
});

test('a close scale spans at least a tenth of the middle', () => {
  const { place } = closeScale([100, 100.1], 'B', [0, 100]);
  expect(place(105.05) - place(95.05)).toBeLessThanOrEqual(100);
  expect(place(100.1) - place(100)).toBeLessThan(1.01);
});

test('a dot for every round', () => {
  const svg = dotStrip({ ...label, unit: 'ns', values: [1e6, 3e6, 2e6], texts: ['1 ms', '3 ms', '≥ 2 ms'] });
  wellFormed(svg);
  const [first, second, third] = numbersOf(svg, 'cx');
  expect(first! < third! && third! < second!).toBe(true);
  expect(svg).toContain('<title>round 2: 3 ms</title>');
  expect(svg).toContain('<title>round 3: ≥ 2 ms</title>');
});

test('points and their trend', () => {
  const points = [0, 1, 2].map((i) => [i * 1e9, 100 + 10 * i] as const);
  const svg = seriesPlot({ ...label, unit: 'B', points, trend: { intercept: 100, slope: 1e-8 } });
  wellFormed(svg);
  const dots = numbersOf(svg, 'cy');
  const [, y1, y2] = /class="trend"[^>]* y1="([\d.]+)" y2="([\d.]+)"/.exec(svg)!;
  expect([Number(y1), Number(y2)]).toEqual([dots[0], dots[2]]);
});

test('an effect on its axis: whiskers where the interval ends inside', () => {
  const axis = { reach: 0.25, noChange: 0.05 };
  const inside = effectStrip(label, { value: 0.1, lo: 0.05, hi: 0.15 }, 'regressed', axis);
  const outside = effectStrip(label, { value: 0.1, lo: -1, hi: Infinity }, 'inconclusive', axis);
  [inside, outside, effectAxis(label, axis)].forEach(wellFormed);
  expect(numbersOf(inside, 'cx')[0]).toBeCloseTo(8 + (0.35 / 0.5) * 224, 1);
  expect([inside, outside].map((svg) => svg.split('class="interval').length - 1)).toEqual([3, 1]);
});

test('a value against its limit, and no bar where there is no scale', () => {
  const judgement = (value: number, limit: number, comparator: '<' | '>=' = '<'): Judgement => ({
    benchmark: 'b',
    objective: '',
    metric: 'm',
    unit: 'ns',
    comparator,
    limit,
    estimate: { value, lo: -Infinity, hi: Infinity, confidence: 1, method: '', warnings: [] },
    verdict: { kind: 'pass', reasons: [] },
  });
  for (const each of [judgement(5, 10), judgement(5000, 10), judgement(-4, 10), judgement(12, 10, '>=')]) {
    wellFormed(limitBar(label, each, 'pass')!);
  }
  expect(numbersOf(limitBar(label, judgement(10, 10), 'pass')!, 'cx')).toEqual(
    numbersOf(limitBar(label, judgement(10, 10), 'pass')!, 'x1').slice(0, 1),
  );
  for (const value of [5000, Infinity, -4, 0]) {
    const [cx] = numbersOf(limitBar(label, judgement(value, 10), 'pass')!, 'cx');
    expect(cx! - 4, `the dot of ${value} is whole`).toBeGreaterThanOrEqual(0);
    expect(cx! + 4, `the dot of ${value} is whole`).toBeLessThanOrEqual(130);
  }
  expect(limitBar(label, judgement(5, 0), 'pass')).toBeUndefined();
  expect(limitBar(label, judgement(NaN, 5), 'pass')).toBeUndefined();
});
