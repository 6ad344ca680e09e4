import { createRng, deriveSeed, type Rng } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { normal, seriesOf } from '../../test/support/series.ts';
import type { LeakPoint } from '../memory-sample.ts';
import { analyzeLeakSeries, type LeakAnalysis } from './analyze-leak-series.ts';

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
