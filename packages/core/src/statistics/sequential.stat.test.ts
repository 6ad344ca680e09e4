import { describe, expect, it } from 'vitest';
import { createRng } from '../rng.ts';
import { drawSample, heavyTailed, logNormal, normal } from '../testing.ts';
import { hodgesLehmannShift } from './hodges-lehmann.ts';
import { lookConfidence } from './sequential.ts';

describe('lookConfidence', () => {
  it.each([
    [0.95, 1, 0.95],
    [0.95, 5, 0.9842],
    [0.95, 4, 0.9818],
    [0.95, 20, 0.9975],
    [0.99, 5, 0.998],
  ])('for %d over %i looks is %d', (confidence, looks, each) => {
    expect(lookConfidence(confidence, looks)).toBeCloseTo(each, 10);
  });

  const looks = [6, 10, 16, 24, 36];
  /** How often the intervals of all looks hold the truth, over 400 worlds. */
  const held = (kind: ReturnType<typeof normal>, confidence: number): number => {
    const rng = createRng(11);
    let hits = 0;
    for (let world = 0; world < 400; world++) {
      const [base, head] = [drawSample(kind, 36, rng), drawSample(kind, 36, rng)];
      const all = looks.every((size) => {
        const { lo, hi } = hodgesLehmannShift(base.slice(0, size), head.slice(0, size), confidence);
        return lo <= 0 && hi >= 0;
      });
      if (all) hits++;
    }
    return hits / 400;
  };

  it.each([normal(100, 5), logNormal(4, 0.3), heavyTailed()].map((kind) => [kind.name, kind] as const))(
    'keeps 95 %% over looks at 6 to 36 values: %s',
    (_, kind) => {
      expect(held(kind, lookConfidence(0.95, 5))).toBeGreaterThanOrEqual(0.935);
      // What peeking costs without it.
      expect(held(kind, 0.95)).toBeLessThan(0.905);
    },
  );
});
