import { createRng, deriveSeed, type Rng } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { normal, seriesOf } from '../../test/support/series.ts';
import type { LeakPoint } from '../memory-sample.ts';
import { analyzeLeakSeries, type LeakAnalysis } from './analyze-leak-series.ts';
import { unevenRounds } from './uneven-rounds.ts';

const runs = 100;
const base = 5e6;
const between = (rng: Rng, lo: number, hi: number): number => lo + (hi - lo) * rng();

type Maker = (rng: Rng, seed: number) => LeakPoint[];

const clean: Record<string, Maker> = {
  'white noise': (rng, seed) => seriesOf({ heapAt: () => base, noise: 10 ** between(rng, 1, 6), seed }),
  'warm-up that ends': (rng, seed) => {
    const [bytes, time] = [between(rng, 1e4, 3e6), between(rng, 500, 6000)];
    return seriesOf({ heapAt: (i) => base + bytes * (1 - Math.exp(-i / time)), noise: between(rng, 0, 5e3), seed });
  },
  'a cache that reaches its bound': (rng, seed) => {
    const [bytes, bound] = [between(rng, 16, 2000), between(rng, 1000, 42_000)];
    return seriesOf({ heapAt: (i) => base + bytes * Math.min(i, bound), noise: between(rng, 0, 5e3), seed });
  },
  'modules that load late': (rng, seed) => {
    const steps = Array.from({ length: 6 }, () => ({ at: between(rng, 0, 5e4), bytes: between(rng, 1e4, 5e5) }));
    return seriesOf({ heapAt: (i) => base + steps.reduce((sum, s) => sum + (i > s.at ? s.bytes : 0), 0), seed });
  },
  'a cache that is emptied': (rng, seed) => {
    const [bytes, period] = [between(rng, 16, 1000), between(rng, 3000, 20_000)];
    return seriesOf({ heapAt: (i) => base + bytes * (i % period), seed });
  },
  'noise that remembers': (rng, seed) => {
    let drift = 0;
    return seriesOf({ heapAt: () => base + (drift = 0.7 * drift + 5000 * normal(rng)), seed });
  },
  'a random walk': (rng, seed) => {
    const step = 10 ** between(rng, 2, 5);
    let level = base;
    return seriesOf({ heapAt: () => (level += step * normal(rng)), seed });
  },
};

function verdictsOf(make: Maker): LeakAnalysis[] {
  return Array.from({ length: runs }, (_, i) =>
    analyzeLeakSeries(make(createRng(deriveSeed(7, i)), deriveSeed(11, i))),
  );
}

test.each(Object.entries(clean))('no leak in 100 runs of %s', (_, make) => {
  expect(verdictsOf(make).filter(({ verdict }) => verdict === 'leak')).toHaveLength(0);
});

test('at least 99 of 100 leaks of three times the resolution are found, and their slope is right', () => {
  const leaks = Array.from({ length: runs }, (_, i) => {
    const rng = createRng(deriveSeed(13, i));
    const noise = 10 ** between(rng, 0, 4);
    const floor = Math.max(32_768, 6 * 1.5 * Math.SQRT2 * noise);
    const bytes = (between(rng, 3, 40) * floor) / 23_000;
    return {
      bytes,
      ...analyzeLeakSeries(seriesOf({ heapAt: (n) => base + bytes * n, noise, seed: deriveSeed(17, i) })),
    };
  });
  const found = leaks.filter(({ verdict }) => verdict === 'leak');
  expect(found.length).toBeGreaterThanOrEqual(99);
  for (const { bytes, perIteration } of found) expect(Math.abs(perIteration.value / bytes - 1)).toBeLessThan(0.1);
});

test('stable never promises less than the truth, whatever the leak and the noise', () => {
  for (let i = 0; i < 500; i++) {
    const rng = createRng(deriveSeed(19, i));
    const noise = 10 ** between(rng, 0, 5);
    const bytes = 10 ** between(rng, -2, 2);
    const { verdict, perIteration } = analyzeLeakSeries(
      seriesOf({ heapAt: (n) => base + bytes * n, noise, seed: deriveSeed(23, i) }),
    );
    if (verdict === 'stable') expect(perIteration.hi, `${bytes} B, noise ${noise}`).toBeGreaterThanOrEqual(bytes);
  }
});

test('no staircase of any factor and phase is called stable below its truth', () => {
  for (let i = 0; i < 300; i++) {
    const rng = createRng(deriveSeed(29, i));
    const factor = between(rng, 1.5, 2);
    const first = between(rng, 1000, 9000);
    const slot = between(rng, 8, 64);
    const heapAt = (n: number): number =>
      base + slot * first * factor ** Math.ceil(Math.log(n / first) / Math.log(factor));
    const warmUp = 10 ** between(rng, 3, 6);
    const { verdict, perIteration } = analyzeLeakSeries(
      seriesOf({ heapAt, warmUp, perPoint: 5000, seed: deriveSeed(31, i) }),
      { startedAt: base },
    );
    if (verdict !== 'leak') expect(perIteration.hi, `${verdict}, factor ${factor}`).toBeGreaterThanOrEqual(slot);
  }
});

/** A cache of so many bytes an entry with a table that doubles, emptied after every `period` iterations. */
function emptiedCache(rng: Rng, period: number, rounds: (mean: number) => readonly number[]): LeakPoint[] {
  const mean = Math.round(1000 * 80 ** rng());
  const [bytes, slot] = [16 * 64 ** rng(), rng() < 0.5 ? 0 : 20];
  let iterations = Math.round(mean * (0.5 + 6 * rng()));
  return rounds(mean).map((length) => {
    iterations += length;
    const entries = iterations % period;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(entries, 4)));
    return { iterations, heap: Math.round(base + bytes * entries + slot * capacity + between(rng, 0, 2000)) };
  });
}

function leaksAmongCaches(from: number, to: number, rounds: (mean: number) => readonly number[]): number {
  const points = Array.from({ length: 300 }, (_, i) => {
    const rng = createRng(deriveSeed(37, i));
    const period = Math.round(from * (to / from) ** rng());
    return { period, series: emptiedCache(rng, period, rounds) };
  });
  // Before it is emptied for the first time, and a while longer, a cache looks like a leak.
  const seen = points.filter(({ period, series }) => series.at(-1)!.iterations > 1.4 * period);
  return seen.filter(({ series }) => analyzeLeakSeries(series, { startedAt: 0.98 * base }).verdict === 'leak').length;
}

const uneven = (mean: number): number[] => unevenRounds(mean, 48);

test.each([
  [2, 1000],
  [1000, 30_000],
  [30_000, 300_000],
  [300_000, 2e6],
])('no cache that is emptied every %i to %i iterations is a leak, whatever the rounds', (from, to) => {
  expect(leaksAmongCaches(from, to, uneven)).toBe(0);
});

test('a rhythm a little longer than equal rounds looks like growth, than uneven ones like noise', () => {
  const series = (rounds: readonly number[]): LeakPoint[] => {
    let iterations = 0;
    return rounds.map((length) => {
      iterations += length;
      return { iterations, heap: base + 200 * (iterations % 4900) };
    });
  };
  const equal = Array.from({ length: 48 }, () => 5000);
  expect(analyzeLeakSeries(series(equal), { startedAt: base }).verdict).toBe('leak');
  expect(analyzeLeakSeries(series(uneven(5000)), { startedAt: base }).verdict).toBe('stable');
});

test('a leak is found however much more one round completes than the next', () => {
  for (let i = 0; i < 200; i++) {
    const rng = createRng(deriveSeed(41, i));
    let iterations = 100;
    const points = Array.from({ length: 48 }, () => {
      iterations += Math.round(100 * 10 ** between(rng, -1, 1));
      return { iterations, heap: base + 850 * iterations + between(rng, -2000, 2000) };
    });
    expect(analyzeLeakSeries(points, { startedAt: base }).verdict, `seed ${i}`).toBe('leak');
  }
});

test('a cache that was filled three rounds before the end or earlier is no leak, whenever that was', () => {
  for (let i = 0; i < 200; i++) {
    const rng = createRng(deriveSeed(43, i));
    const rounds = uneven(1000);
    const end = rounds.reduce((sum, length) => sum + length, 0);
    const bound = between(rng, 0.3, 1) * (end - rounds.slice(-3).reduce((sum, length) => sum + length, 0));
    const bytes = 16 * 64 ** rng();
    let iterations = 0;
    const points = rounds.map((length) => {
      iterations += length;
      return { iterations, heap: base + bytes * Math.min(iterations, bound) + between(rng, 0, 500) };
    });
    expect(analyzeLeakSeries(points, { startedAt: base }).verdict, `bound ${bound}, ${bytes} B`).not.toBe('leak');
  }
});

test('a leak looks the same in uneven rounds: exact without noise', () => {
  let iterations = 0;
  const points = uneven(1000).map((length) => {
    iterations += length;
    return { iterations, heap: base + 100 * iterations };
  });
  expect(analyzeLeakSeries(points)).toMatchObject({ verdict: 'leak', perIteration: { value: 100, lo: 100, hi: 100 } });
});
