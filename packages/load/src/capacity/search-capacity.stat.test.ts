import { createRng } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { searchGoal, simulateNoisy, type NoisySystem } from '../../test/support/simulated-search.ts';

interface Accuracy {
  /** Mean relative error. */
  readonly bias: number;
  readonly deviation: number;
  /** The share of searches that are more than a tenth off. */
  readonly far: number;
  /** The share of finished intervals that hold the truth. */
  readonly coverage: number;
  /** The share of searches that came to an end in time. */
  readonly found: number;
  readonly seconds: number;
}

const searches = 600;

/** Many searches between 50/s and 2000/s for capacities between 100/s and 1500/s, each with its own seed. */
function accuracy(system: Omit<NoisySystem, 'capacity'>): Accuracy {
  const ends = Array.from({ length: searches }, (_, seed) => {
    const rng = createRng(seed + 1);
    const capacity = 100 * 15 ** rng();
    const end = simulateNoisy(searchGoal(), { ...system, capacity }, rng);
    return { ...end, error: end.guess / capacity - 1, held: end.lower <= capacity && capacity < end.upper };
  }).filter(({ reason }) => reason !== 'not-valid');
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = ends.map(({ error }) => error);
  const bias = mean(errors);
  const finished = ends.filter(({ reason }) => reason === 'found');
  return {
    bias,
    deviation: Math.sqrt(mean(errors.map((error) => (error - bias) ** 2))),
    far: mean(errors.map((error) => Number(Math.abs(error) > 0.1))),
    coverage: mean(finished.map(({ held }) => Number(held))),
    found: finished.length / searches,
    seconds: mean(ends.map(({ seconds }) => seconds)),
  };
}

/** p99 varies by 12 % from trial to trial, and by 27 % from scout to scout. */
const noise = 0.12;

describe('on a system whose p99 is noisy', () => {
  it('is unbiased, and nearly never a tenth off, in two minutes', () => {
    const { bias, deviation, far, coverage, found, seconds } = accuracy({ noise, polluted: 0, noticed: false });
    expect(Math.abs(bias)).toBeLessThan(0.01);
    expect(deviation).toBeLessThan(0.035);
    expect(far).toBeLessThan(0.01);
    expect(found).toBeGreaterThan(0.75);
    expect(seconds).toBeLessThan(130);
    // What the estimate states as its confidence.
    expect(coverage).toBeGreaterThan(0.65);
  });

  it('survives 15 % of trials that something else has spoilt, unnoticed', () => {
    const { bias, deviation, far, seconds } = accuracy({ noise, polluted: 0.15, noticed: false });
    expect(Math.abs(bias)).toBeLessThan(0.02);
    expect(deviation).toBeLessThan(0.06);
    expect(far).toBeLessThan(0.05);
    expect(seconds).toBeLessThan(135);
  });

  it('is biased by 30 % of them, downwards: two of three trials may be spoilt', () => {
    const { bias, far } = accuracy({ noise, polluted: 0.3, noticed: false });
    expect(bias).toBeLessThan(0);
    expect(bias).toBeGreaterThan(-0.1);
    expect(far).toBeLessThan(0.25);
  });

  it('loses only time where the generator notices them', () => {
    for (const polluted of [0.15, 0.3]) {
      const { bias, far, coverage } = accuracy({ noise, polluted, noticed: true });
      expect(Math.abs(bias)).toBeLessThan(0.02);
      expect(far).toBeLessThan(0.05);
      expect(coverage).toBeGreaterThan(0.65);
    }
  });
});
