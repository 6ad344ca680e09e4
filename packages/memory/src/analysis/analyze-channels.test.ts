import { describe, expect, test } from 'vitest';
import { analyzeChannels } from './analyze-channels.ts';

const series = <Reading extends object>(at: (iterations: number) => Reading, points = 48) =>
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

describe('threads that do not answer', () => {
  const heard = (i: number) => ({ heap: 5e6, external: 0, rss: 6e7, threads: 4e6 + 100 * i });
  const silent = (i: number) => ({ ...heard(i), threads: 4e6, silentThreads: 1 });
  const never = ({ threads: _, ...rest }: ReturnType<typeof silent>) => rest;

  test('leave open what all others would promise, whatever they told before', () => {
    const [deaf, stale] = [series((i) => never(silent(i))), series(silent)];
    for (const samples of [deaf, stale, [...series(heard).slice(0, 20), ...stale.slice(20)]]) {
      const report = analyzeChannels(samples);
      expect(report).toMatchObject({ verdict: 'inconclusive', reason: 'silent', resolution: Infinity, native: false });
      expect(report.perIteration).toMatchObject({ value: 0, lo: 0, hi: Infinity });
      expect(report.channels.heap.verdict).toBe('stable');
    }
  });

  test('for a look now and then leave a leak a leak, and quiet threads quiet', () => {
    const now = (i: number) => i % 7000 === 0;
    const leaking = analyzeChannels(series((i) => (now(i) ? silent(i) : heard(i))));
    expect(leaking).toMatchObject({ verdict: 'leak', reason: 'steady', channels: { threads: { reason: 'steady' } } });
    expect(leaking.perIteration.value).toBeCloseTo(100, 6);
    const quiet = (i: number) => ({ ...heard(0), ...(now(i) && { threads: 2e6, silentThreads: 2 }) });
    expect(analyzeChannels(series(quiet))).toMatchObject({ verdict: 'stable', reason: 'flat' });
    // Nobody knows what came after the last answer.
    expect(analyzeChannels([...series(quiet), { iterations: 49_000, ...silent(0) }])).toMatchObject({
      reason: 'silent',
    });
  });

  test('do not hide a leak of the heap, nor one that the process as a whole shows', () => {
    const heap = analyzeChannels(series((i) => ({ ...silent(i), heap: 5e6 + 50 * i })));
    expect(heap).toMatchObject({ verdict: 'leak', reason: 'steady', native: false });
    expect(heap.perIteration).toMatchObject({ value: 50, lo: 50, hi: Infinity });
    expect(heap.resolution).toBe(32_768 / 23_000);
    const whole = analyzeChannels(series((i) => ({ ...silent(i), rss: 6e7 + 900 * i })));
    expect(whole).toMatchObject({ verdict: 'leak', native: true, perIteration: { value: 900 } });
  });

  test('are not bounded by a step of the whole process', () => {
    const report = analyzeChannels(series((i) => ({ ...silent(i), rss: i > 36_000 ? 8e7 : 6e7 })));
    expect(report).toMatchObject({ verdict: 'inconclusive', reason: 'silent', resolution: Infinity, native: false });
    expect(report.perIteration.hi).toBe(Infinity);
  });
});
