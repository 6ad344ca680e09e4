import { expect, test } from 'vitest';
import { seriesOf, type SeriesShape } from '../../test/support/series.ts';
import { analyzeLeakSeries } from './analyze-leak-series.ts';
import { projectGrowth } from './project-growth.ts';

const project = (shape: SeriesShape, iterations: number) => {
  const report = analyzeLeakSeries(seriesOf({ noise: 0, ...shape }));
  return { report, projection: projectGrowth(report, iterations) };
};

test('a flat series may hide its resolution in every iteration', () => {
  const { report, projection } = project({ heapAt: () => 5e6 }, 1e6);
  expect(report.resolution).toBe(32_768 / 23_000);
  expect(projection).toEqual({ iterations: 1e6, expected: 0, lower: 0, upper: (32_768 / 23_000) * 1e6 });
});

test('a leak goes on, within its resolution', () => {
  const { report, projection } = project({ heapAt: (i) => 5e6 + 100 * i }, 1e6);
  expect(projection.expected).toBe(1e8);
  expect(projection.lower).toBe((100 - report.resolution) * 1e6);
  expect(projection.upper).toBe((100 + report.resolution) * 1e6 + report.swing);
  expect(report.swing).toBeLessThan(1);
});

test('a cache that is emptied now and then may be full at the end', () => {
  const { projection } = project({ heapAt: (i) => 5e6 + 100 * (i % 14_000) }, 1000);
  expect(projection.upper).toBeGreaterThan(1e6);
});

test('the next step of a container is no surprise', () => {
  const heapAt = (i: number): number => 5e6 + 100 * i + (i > 30_000 ? 3e5 : 0);
  const { report, projection } = project({ heapAt }, 1000);
  expect(report.verdict).toBe('leak');
  expect(projection.upper).toBeGreaterThan(2 * 3e5);
});

test('too few samples promise nothing', () => {
  expect(project({ heapAt: () => 5e6, points: 8 }, 10).projection.upper).toBe(Infinity);
});

test.each([-1, NaN, Infinity])('%s iterations are refused', (iterations) => {
  expect(() => project({ heapAt: () => 5e6 }, iterations)).toThrow(RangeError);
});
