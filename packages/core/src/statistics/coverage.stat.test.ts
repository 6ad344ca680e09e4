import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../rng.ts';
import { drawSample, heavyTailed, logNormal, normal, referenceDistributions } from '../testing.ts';
import { binomialCdf, proportionBounds } from './binomial.ts';
import { hodgesLehmannRatio, hodgesLehmannShift } from './hodges-lehmann.ts';
import { quantileRanks } from './order-statistic.ts';
import { sorted } from './quantile.ts';
import { theilSenSlope } from './theil-sen.ts';

/** How often something is true, over that many independent worlds of one seed. */
function share(worlds: number, seed: number, isTrue: (rng: Rng) => boolean): number {
  const rng = createRng(seed);
  let hits = 0;
  for (let world = 0; world < worlds; world++) if (isTrue(rng)) hits++;
  return hits / worlds;
}

/** The least share that a true coverage would show in all but one of 10 000 experiments. */
function leastPlausible(worlds: number, coverage: number): number {
  let hits = Math.floor(worlds * coverage);
  while (binomialCdf(hits, worlds, coverage) > 1e-4) hits--;
  return hits / worlds;
}

const kinds = [normal(100, 5), logNormal(4, 0.4), heavyTailed()];

describe('intervals cover what they promise', () => {
  const worlds = 1000;

  it.each(kinds.flatMap((kind) => [5, 8, 20].map((size) => [kind.name, size, kind] as const)))(
    'the ratio of two samples: %s, %d a side, 95 %',
    (_, size, kind) => {
      const covered = share(worlds, size, (rng) => {
        const base = drawSample(kind, size, rng);
        const head = drawSample(kind, size, rng).map((value) => value * 1.07);
        const { lo, hi } = hodgesLehmannRatio(base, head);
        return lo <= 0.07 && 0.07 <= hi;
      });
      expect(covered).toBeGreaterThanOrEqual(leastPlausible(worlds, 0.95));
      // Nor so wide that it says nothing: the exact confidence of these sizes is at most 0.97.
      expect(covered).toBeLessThan(0.99);
    },
  );

  it.each(referenceDistributions.map((kind) => [kind.name, kind] as const))(
    'order statistics of a quantile: %s, 95 % on each side',
    (_, kind) => {
      for (const [q, size] of [
        [0.25, 40],
        [0.5, 15],
        [0.95, 100],
        [0.99, 400],
      ] as const) {
        const truth = kind.quantile(q);
        const { lo, hi } = quantileRanks(size, q, 0.95);
        const samples = Array.from({ length: 400 }, (_, i) => sorted(drawSample(kind, size, createRng(i + 1))));
        const above = samples.filter((sample) => truth <= sample[hi! - 1]!).length / samples.length;
        const below = samples.filter((sample) => sample[lo! - 1]! <= truth).length / samples.length;
        expect(above).toBeGreaterThanOrEqual(leastPlausible(400, 0.95));
        expect(below).toBeGreaterThanOrEqual(leastPlausible(400, 0.95));
      }
    },
  );

  it.each(kinds.flatMap((kind) => [6, 12, 45].map((size) => [kind.name, size, kind] as const)))(
    'the slope of a line: %s errors, %d points, 95 %',
    (_, size, kind) => {
      const xs = Array.from({ length: size }, (_, i) => i);
      const covered = share(500, size, (rng) => {
        const { lo, hi } = theilSenSlope(
          xs,
          xs.map((x) => 3 * x + kind.draw(rng)),
        );
        return lo <= 3 && 3 <= hi;
      });
      expect(covered).toBeGreaterThanOrEqual(leastPlausible(500, 0.95));
      expect(covered).toBeLessThan(0.995);
    },
  );

  it.each([0.001, 0.02, 0.3])('a share of %d of 500 trials, 95 % on each side', (truth) => {
    const events = (rng: Rng): number => {
      let count = 0;
      for (let trial = 0; trial < 500; trial++) if (rng() < truth) count++;
      return count;
    };
    const bounds = new Map<number, { lo: number; hi: number }>();
    const boundsOf = (count: number): { lo: number; hi: number } =>
      bounds.get(count) ?? bounds.set(count, proportionBounds(count, 500, 0.95)).get(count)!;
    expect(share(1500, 1, (rng) => boundsOf(events(rng)).hi >= truth)).toBeGreaterThanOrEqual(
      leastPlausible(1500, 0.95),
    );
    expect(share(1500, 2, (rng) => boundsOf(events(rng)).lo <= truth)).toBeGreaterThanOrEqual(
      leastPlausible(1500, 0.95),
    );
  });
});

describe('identical code raises an alarm no more often than promised, and slower code does', () => {
  const alarms = (effect: number, seed: number, kind = logNormal(4, 0.1)): number =>
    share(1500, seed, (rng) => {
      const base = drawSample(kind, 10, rng);
      const head = drawSample(kind, 10, rng).map((value) => value * (1 + effect));
      const { lo, hi } = hodgesLehmannShift(base.map(Math.log), head.map(Math.log));
      return lo > 0 || hi < 0;
    });

  it.each(kinds.map((kind) => [kind.name, kind] as const))('no change, %s: at most 5 %', (_, kind) => {
    // 1 - alarms is a share that must be at least 95 %.
    expect(1 - alarms(0, 7, kind)).toBeGreaterThanOrEqual(leastPlausible(1500, 0.95));
  });

  it('20 % slower in 10 % noise, ten a side: nearly always', () => {
    expect(alarms(0.2, 8)).toBeGreaterThan(0.95);
  });
});
