import { describe, expect, test } from 'vitest';
import { capacityFor, seriesOf, type SeriesShape } from '../../test/support/series.ts';
import { analyzeLeakSeries, type LeakReason, type LeakVerdict } from './analyze-leak-series.ts';

const base = 5e6;
const n = 48_000;

/** As engines count a page that they have only begun to fill: for three rounds of every ten, less in each. */
const lumpAt = (i: number): number => Math.max(0, 3 - ((Math.floor(i / 1000) + 4) % 10)) * 80_000;

type Row = [gloss: string, shape: SeriesShape, verdict: LeakVerdict, reason: LeakReason];

const shapes: Row[] = [
  ['nothing moves', { heapAt: () => base, noise: 0 }, 'stable', 'flat'],
  ['a little noise', { heapAt: () => base }, 'stable', 'flat'],
  ['noise of 100 KB', { heapAt: () => base, noise: 1e5 }, 'stable', 'flat'],
  ['memory is given back', { heapAt: (i) => base - 20 * i }, 'stable', 'flat'],
  ['an engine compiles for a while', { heapAt: (i) => base + 6e5 * (1 - Math.exp(-i / 3000)) }, 'stable', 'plateaued'],
  ['drift of half a byte', { heapAt: (i) => base + 0.5 * i, perPoint: 10_000 }, 'stable', 'flat'],
  ['a cache fills in the first third', { heapAt: (i) => base + 256 * Math.min(i, n / 3) }, 'stable', 'plateaued'],
  ['a cache fills in the first 60 %', { heapAt: (i) => base + 256 * Math.min(i, 0.6 * n) }, 'inconclusive', 'jumps'],
  [
    'a cache is full three rounds before the end',
    { heapAt: (i) => base + 256 * Math.min(i, n - 100) },
    'inconclusive',
    'decelerating',
  ],
  ['a cache that is emptied when full', { heapAt: (i) => base + 256 * (i % 9500) }, 'stable', 'flat'],
  ['a large cache, emptied when full', { heapAt: (i) => base + 256 * (i % 19_500) }, 'stable', 'plateaued'],
  ['a cache that may be emptied again', { heapAt: (i) => base + 256 * ((i + 9000) % 31_000) }, 'inconclusive', 'jumps'],
  ['16 B an iteration', { heapAt: (i) => base + 16 * i }, 'leak', 'steady'],
  ['a leak that rests for a round at the end', { heapAt: (i) => base + 256 * Math.min(i, n + 2000) }, 'leak', 'steady'],
  ['256 B an iteration', { heapAt: (i) => base + 256 * i }, 'leak', 'steady'],
  ['1 KB an iteration', { heapAt: (i) => base + 1024 * i, noise: 2e4 }, 'leak', 'steady'],
  ['32 B an iteration under lumps of the engine', { heapAt: (i) => base + 32 * i + lumpAt(i) }, 'leak', 'steady'],
  ['lumps of the engine, and no leak', { heapAt: (i) => base + lumpAt(i) }, 'stable', 'flat'],
  ['1 MB an iteration', { heapAt: (i) => base + 2 ** 20 * i, perPoint: 1, warmUp: 3 }, 'leak', 'steady'],
  ['an array of slots', { heapAt: (i) => base + 8 * capacityFor(i, 1.5), perPoint: 9000 }, 'leak', 'staircase'],
  ['a hash table', { heapAt: (i) => base + 20 * capacityFor(i, 2), perPoint: 1e4 }, 'leak', 'staircase'],
  ['one late step', { heapAt: (i) => base + (i > 0.8 * n ? 4e5 : 0) }, 'inconclusive', 'jumps'],
  ['one early step', { heapAt: (i) => base + (i > 5500 ? 4e5 : 0) }, 'stable', 'plateaued'],
  ['a step that is overdue to repeat', { heapAt: (i) => base + (i > 12_500 ? 4e5 : 0) }, 'stable', 'plateaued'],
  ['growth that fades', { heapAt: (i) => base + 3e6 * (1 - Math.exp(-i / 12_000)) }, 'inconclusive', 'decelerating'],
  ['a cache still filling late', { heapAt: (i) => base + 256 * Math.min(i, 0.9 * n) }, 'inconclusive', 'decelerating'],
  ['a leak, but too few points', { heapAt: (i) => base + 256 * i, points: 24 }, 'inconclusive', 'short'],
  ['hardly any points', { heapAt: () => base, points: 15 }, 'inconclusive', 'short'],
];

describe('verdicts on shapes that are known', () => {
  test.each(shapes)('%s', (_, shape, verdict, reason) => {
    const analysis = analyzeLeakSeries(seriesOf(shape));
    expect([analysis.verdict, analysis.reason]).toEqual([verdict, reason]);
  });
});

describe('growth per iteration', () => {
  test.each([16, 256, 4096])('a leak of %i B has its slope, and an interval around it', (bytes) => {
    const { perIteration } = analyzeLeakSeries(seriesOf({ heapAt: (i) => base + bytes * i, noise: 2000 }));
    expect(Math.abs(perIteration.value / bytes - 1)).toBeLessThan(0.02);
    expect(perIteration.lo).toBeLessThanOrEqual(bytes);
    expect(perIteration.hi).toBeGreaterThanOrEqual(bytes);
  });

  test('a slope without noise is exact', () => {
    const { perIteration } = analyzeLeakSeries(seriesOf({ heapAt: (i) => base + 100 * i, noise: 0 }));
    expect(perIteration).toMatchObject({ value: 100, lo: 100, hi: 100 });
  });

  test('a slope of few iterations may hold what the engine has added', () => {
    const leaking = (bytes: number) =>
      analyzeLeakSeries(seriesOf({ heapAt: (i) => base + bytes * i, perPoint: 200, warmUp: 200, noise: 0 }), {
        learning: 131_072,
      }).perIteration;
    expect(leaking(100)).toMatchObject({ value: 100, hi: 100 });
    expect(leaking(100).lo).toBeCloseTo(100 - 65_536 / 4600, 6);
    expect(leaking(20).lo).toBeCloseTo(10, 6);
  });

  test('a leak that arrives in large pieces is counted whole', () => {
    // A piece every 350 iterations: two or three of them a round.
    const pieces = (i: number): number => base + 2 ** 20 * Math.floor(i / 350);
    const { verdict, perIteration } = analyzeLeakSeries(seriesOf({ heapAt: pieces, noise: 0 }));
    expect(verdict).toBe('leak');
    expect(Math.abs(perIteration.value / (2 ** 20 / 350) - 1)).toBeLessThan(0.05);
    expect(perIteration.hi).toBeGreaterThanOrEqual(2 ** 20 / 350);
  });

  test.each([100, 350, 700, 900, 1500, 2500, 5000, 9000, 17_000])(
    'pieces that come every %i iterations never pass as less than they are',
    (every) => {
      const { verdict, perIteration } = analyzeLeakSeries(
        seriesOf({ heapAt: (i) => base + 2 ** 20 * Math.floor(i / every), noise: 0 }),
        { startedAt: base },
      );
      expect(verdict).not.toBe('stable');
      expect(perIteration.hi).toBeGreaterThanOrEqual(2 ** 20 / every);
    },
  );

  test('one wild reading changes nothing', () => {
    const clean = seriesOf({ heapAt: (i) => base + 100 * i, noise: 0 });
    const wild = clean.map((point, i) => (i === 30 ? { ...point, heap: point.heap + 5e7 } : point));
    expect(analyzeLeakSeries(wild).perIteration.value).toBeCloseTo(100, 0);
    expect(analyzeLeakSeries(wild).verdict).toBe('leak');
  });

  test.each([
    ['slots alone', 0, 8, 1.5],
    ['a hash table of numbers', 0, 28, 2],
    ['records in an array', 104, 8, 1.5],
    ['records in a hash table', 72, 28, 2],
  ])('of containers is what they take on average over a step: %s', (_, record, slot, factor) => {
    // Averaged over one step, capacity over size is factor * ln(factor) / (factor - 1); nothing depends on the phase.
    const truth = record + (slot * factor * Math.log(factor)) / (factor - 1);
    for (let perPoint = 8000; perPoint < 16_000; perPoint += 250) {
      const heapAt = (i: number): number => base + record * i + slot * capacityFor(i, factor);
      const { verdict, perIteration } = analyzeLeakSeries(seriesOf({ heapAt, perPoint, noise: 0 }), {
        startedAt: base,
      });
      expect(verdict).toBe('leak');
      expect(Math.abs(perIteration.value / truth - 1), `${perPoint} a point`).toBeLessThan(0.09);
      expect(perIteration.lo).toBeLessThanOrEqual(record + 1.1 * slot);
      expect(perIteration.hi).toBeGreaterThanOrEqual(truth);
    }
  });

  test.each([1.5, 2])('of a container that begins to fill late is at least what its steps say: times %s', (factor) => {
    for (const share of [0.2, 0.25, 0.3, 0.35]) {
      for (let perPoint = 4000; perPoint < 16_000; perPoint += 1000) {
        const heapAt = (i: number): number => base + 8 * capacityFor(Math.max(0, i - share * 48 * perPoint), factor);
        const { perIteration } = analyzeLeakSeries(seriesOf({ heapAt, perPoint, noise: 0 }), { startedAt: base });
        expect(perIteration.value, `${perPoint} a point`).toBeGreaterThanOrEqual(perIteration.lo);
        expect(perIteration.value).toBeLessThanOrEqual(perIteration.hi);
      }
    }
  });

  test.each([
    ['one late step', [40_000], 3000],
    ['one step of a series that begins late', [130_000], 100_000],
    ['steps of one size', [22_000, 40_000], 3000],
  ])('%s beside a leak may be another cause: it only says that growth may be faster', (_, steps, warmUp) => {
    const heapAt = (i: number): number => base + 100 * i + 1e6 * steps.filter((at) => i > at).length;
    const { perIteration } = analyzeLeakSeries(seriesOf({ heapAt, warmUp, noise: 0 }));
    expect(perIteration.value).toBeCloseTo(100, 6);
    expect(perIteration.hi).toBeGreaterThan(140);
  });

  test('stable code is bounded by what could have been seen', () => {
    const { perIteration, resolution, floor } = analyzeLeakSeries(seriesOf({ heapAt: () => base, noise: 0 }));
    expect(floor).toBe(32_768);
    expect(resolution).toBeCloseTo(32_768 / 23_000, 10);
    expect(perIteration).toMatchObject({ value: 0, lo: 0, hi: resolution });
  });

  test('a step that may be the first of a staircase is bounded by the container that it would be', () => {
    // 4e5 bytes of new room at iteration 41 000, where a container has half of it again to fill: 19.5 B an iteration.
    const { perIteration } = analyzeLeakSeries(seriesOf({ heapAt: (i) => base + (i > 40_000 ? 4e5 : 0), noise: 0 }));
    expect(perIteration.lo).toBe(0);
    expect(perIteration.hi).toBeGreaterThan(19.5);
    expect(perIteration.hi).toBeLessThan(60);
  });

  test('too few points bound nothing', () => {
    const analysis = analyzeLeakSeries(seriesOf({ heapAt: (i) => base + 256 * i, points: 24 }));
    expect(analysis.perIteration).toMatchObject({ lo: 0, hi: Infinity });
    expect(analyzeLeakSeries([])).toMatchObject({ reason: 'short', resolution: Infinity });
  });

  test('growth below the smallest that matters is stable, and is a leak for whoever asks for finer', () => {
    const points = seriesOf({ heapAt: (i) => base + 0.5 * i, perPoint: 10_000, noise: 0 });
    expect(analyzeLeakSeries(points)).toMatchObject({ verdict: 'stable', perIteration: { value: 0.5, lo: 0 } });
    expect(analyzeLeakSeries(points, { smallest: 0.1 })).toMatchObject({ verdict: 'leak', perIteration: { lo: 0.5 } });
  });

  test('a higher floor sees less', () => {
    const points = seriesOf({ heapAt: (i) => base + 16 * i, noise: 0 });
    expect(analyzeLeakSeries(points, { floor: 2 ** 20 })).toMatchObject({ verdict: 'stable', floor: 2 ** 20 });
  });

  test('a series that begins late may lie between two steps, and says so', () => {
    const points = seriesOf({ heapAt: () => base, warmUp: 100_000, noise: 0 });
    expect(analyzeLeakSeries(points, { startedAt: base - 2.02e6 }).perIteration.hi).toBe(20);
    expect(analyzeLeakSeries(points, { startedAt: base }).perIteration.hi).toBeCloseTo(32_768 / 23_000, 10);
    expect(analyzeLeakSeries(points).perIteration.hi).toBeCloseTo(base / 101_000, 10);
  });
});
