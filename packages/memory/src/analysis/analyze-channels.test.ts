import { expect, test } from 'vitest';
import { analyzeChannels } from './analyze-channels.ts';

const series = (at: (iterations: number) => { heap: number; external: number; rss: number }, points = 48) =>
  Array.from({ length: points }, (_, i) => ({ iterations: (i + 1) * 1000, ...at((i + 1) * 1000) }));

test('memory that only the process as a whole shows is a native leak', () => {
  const report = analyzeChannels(series((i) => ({ heap: 5e6, external: 1e6, rss: 6e7 + 900 * i })));
  expect(report).toMatchObject({ verdict: 'leak', reason: 'steady', native: true, resolution: 32_768 / 23_000 });
  expect(report.perIteration.value).toBe(900);
});

test('less than a megabyte of resident set over the last half is its noise', () => {
  const report = analyzeChannels(series((i) => ({ heap: 5e6, external: 1e6, rss: 6e7 + 40 * i })));
  expect(report).toMatchObject({ verdict: 'stable', native: false });
});

test('a resident set that rises in large steps leaves open what a quiet heap would promise', () => {
  const stepwise = (bytes: number) => (i: number) => ({
    heap: 5e6,
    external: 0,
    rss: 6e7 + bytes * Math.floor(i / 8000),
  });
  expect(analyzeChannels(series(stepwise(13e6)))).toMatchObject({
    verdict: 'inconclusive',
    reason: 'jumps',
    native: true,
  });
  expect(analyzeChannels(series(stepwise(2e6)))).toMatchObject({ verdict: 'stable', native: false });
});

test('the resident set of a heap that leaks is the same leak', () => {
  const report = analyzeChannels(series((i) => ({ heap: 5e6 + 100 * i, external: 0, rss: 6e7 + 900 * i })));
  expect(report).toMatchObject({ verdict: 'leak', native: false });
  expect(report.perIteration.value).toBe(100);
});

test('where nobody tells of the heap, the resident set is all there is', () => {
  const unknown = { heap: NaN, external: NaN };
  const leaking = analyzeChannels(series((i) => ({ ...unknown, rss: 6e7 + 900 * i })));
  expect(leaking).toMatchObject({ verdict: 'leak', native: true, resolution: 2 ** 20 / 23_000 });
  const flat = analyzeChannels(series(() => ({ ...unknown, rss: 6e7 })));
  expect(flat).toMatchObject({ verdict: 'stable', native: true });
  expect(flat.channels.heap.reason).toBe('short');
});

test('samples between which nothing was completed count once', () => {
  const points = series((i) => ({ heap: 5e6 + 100 * i, external: 0, rss: 6e7 }));
  const stalled = points.flatMap((point) => [point, point]);
  expect(analyzeChannels(stalled)).toEqual(analyzeChannels(points));
});
