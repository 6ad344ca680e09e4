import { describe, expect, test } from 'vitest';
import { tagProblems } from '../../test/support/markup-balance.ts';
import type { WeightedValues } from '../view/weighted-values.ts';
import { percentileCurve, type Corner } from './percentile-curve.ts';

const hundred: WeightedValues = {
  values: Array.from({ length: 100 }, (_, i) => (i + 1) * 1e6),
  counts: Array.from({ length: 100 }, () => 1),
  total: 100,
};
const label = { id: 'x', title: 'times', description: 'a description' };
const draw = (pooled: WeightedValues, corners: readonly Corner[] = []): string =>
  percentileCurve({ ...label, unit: 'ns', pooled, rounds: [], corners });
const corner = (over: Partial<Corner>): Corner => ({
  q: 0.9,
  limit: 95e6,
  side: 'below',
  fate: 'kept',
  label: 'p90 < 95ms',
  ...over,
});

/** [x, y] pairs of the corners of a path of M, L, H and V. */
function pointsOf(svg: string, name: string): readonly (readonly [number, number])[] {
  const d = new RegExp(`class="${name}"[^>]*d="([^"]*)"`).exec(svg)?.[1] ?? '';
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHV])(-?[\d.]+)(?:,(-?[\d.]+))?/g)].map(([, kind, first, second]) => {
    if (kind === 'V') y = Number(first);
    else x = Number(first);
    if (second !== undefined) y = Number(second);
    return [x, y];
  });
}

describe('the percentile curve', () => {
  test('has a title, a description and closed tags', () => {
    const svg = draw(hundred, [corner({})]);
    expect(tagProblems(svg)).toEqual([]);
    expect(svg).toContain('<title id="x-t">times</title>');
    expect(svg).toContain('<desc id="x-d">a description</desc>');
  });

  test('names only the percentiles that the sample supports', () => {
    const names = [...draw(hundred).matchAll(/>(p[\d.]+)</g)].map(([, name]) => name);
    expect(names).toEqual(['p50', 'p90', 'p95', 'p99']);
  });

  test('never goes down, and reaches the right edge', () => {
    const points = pointsOf(draw(hundred), 'curve');
    expect(points.length).toBeGreaterThan(50);
    for (let i = 1; i < points.length; i++) {
      expect(points[i]![0]).toBeGreaterThanOrEqual(points[i - 1]![0]);
      expect(points[i]![1]).toBeLessThanOrEqual(points[i - 1]![1]);
    }
    expect(points.at(-1)![0]).toBe(704);
  });

  // The curve passes through 90 ms at p90: a limit of 95 ms lies above it there, one of 85 ms below.
  test.each([
    [95e6, true],
    [85e6, false],
  ])('lies below the corner of %d ns: %s', (limit, below) => {
    const svg = draw(hundred, [corner({ limit })]);
    const [, d] = /class="corner kept"><path d="([^"]*)"/.exec(svg.replaceAll('\n', '')) ?? [];
    const [, cornerY, cornerX] = /M72,([\d.]+)H([\d.]+)/.exec(d!)!.map(Number);
    const before = pointsOf(svg, 'curve').filter(([x]) => x <= cornerX! + 0.1);
    expect(before.at(-1)![1] > cornerY!).toBe(below);
  });

  test('gives every corner a label row of its own', () => {
    const svg = draw(hundred, [corner({ q: 0.99, label: 'p99 < 200ms' }), corner({ q: 0.95, label: 'p95 < 100ms' })]);
    const rows = [...svg.matchAll(/y="([\d.]+)" text-anchor="end">. (p9\d)/g)].map(([, y, name]) => [name, Number(y)]);
    expect(rows).toEqual([
      ['p95', 40],
      ['p99', 25],
    ]);
  });

  test('draws one value, equal values and values of 0', () => {
    const flat = (value: number): WeightedValues => ({ values: [value], counts: [50], total: 50 });
    for (const svg of [draw(flat(5)), draw(flat(0)), draw({ values: [0, 1e12], counts: [1, 1], total: 2 })]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
