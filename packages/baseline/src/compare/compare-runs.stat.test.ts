import { createRng, deriveSeed, type Comparison, type Decision } from '@perfkeel/core';
import { drawSample, logNormal } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { benchRun } from '../../test/runs-of-rounds.ts';
import { compareRuns } from './compare-runs.ts';

const rounds = 10;
const trials = 400;

/** Rounds of one benchmark on one machine: log-normal about 1 ms, with the spread between processes given. */
const roundsOf = (spread: number, factor: number, seed: number): number[] =>
  drawSample(logNormal(Math.log(1e6 * factor), spread), rounds, createRng(seed));

/** How often each decision was made, of `trials` comparisons of independent runs. */
function shares(
  spread: number,
  factor: number,
  seed: number,
): Record<Exclude<Decision, 'identical' | 'accepted'>, number> {
  const counts = { identical: 0, accepted: 0, regressed: 0, improved: 0, unchanged: 0, inconclusive: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const base = benchRun('BASE', roundsOf(spread, 1, deriveSeed(seed, 2 * trial)));
    const head = benchRun('HEAD', roundsOf(spread, factor, deriveSeed(seed, 2 * trial + 1)));
    counts[compareRuns(base, head).comparisons[0]!.decision] += 1;
  }
  const share = (decision: Decision): number => counts[decision] / trials;
  return {
    regressed: share('regressed'),
    improved: share('improved'),
    unchanged: share('unchanged'),
    inconclusive: share('inconclusive'),
  };
}

describe(`${rounds} rounds a side, ${trials} comparisons`, () => {
  it.each([
    ['steady', 0.02, 0],
    ['ordinary', 0.05, 0.025],
    ['noisy', 0.15, 0.05],
  ])('of the same code raise few false alarms where rounds are %s', (_what, spread, most) => {
    const { regressed, improved } = shares(spread, 1, 1);
    expect(regressed).toBeLessThanOrEqual(most);
    expect(regressed + improved).toBeLessThanOrEqual(0.075);
  });

  it('of the same code are conclusive where rounds are steady', () => {
    expect(shares(0.02, 1, 2).unchanged).toBeGreaterThan(0.95);
  });

  it.each([
    ['steady', 0.02, 1],
    ['ordinary', 0.05, 0.99],
    ['noisy', 0.15, 0.6],
  ])('of code that takes a fifth more time find it where rounds are %s', (_what, spread, least) => {
    const { regressed, improved } = shares(spread, 1.2, 3);
    expect(regressed).toBeGreaterThanOrEqual(least);
    expect(improved).toBe(0);
  });
});

/**
 * Two sessions of one machine, each of which makes all of its rounds slower or faster by one factor. Intervals over
 * rounds cannot hold what the rounds of a run share: this is what the warning `separate-sessions` is about, in numbers.
 */
describe('five rounds a side of the same code, from two sessions', () => {
  const sessions = (between: number, within: number, seed: number) => {
    const rng = createRng(seed);
    const side = (id: string) => {
      const [session] = drawSample(logNormal(Math.log(1e6), between), 1, rng);
      return benchRun(id, drawSample(logNormal(Math.log(session!), within), 5, rng));
    };
    const found = Array.from({ length: 1000 }, () => compareRuns(side('BASE'), side('HEAD')).comparisons[0]!);
    const share = (holds: (comparison: Comparison) => boolean): number => found.filter(holds).length / found.length;
    return {
      excludes0: share(({ effect }) => effect!.lo > 0 || effect!.hi < 0),
      changed: share(({ decision }) => decision === 'regressed' || decision === 'improved'),
      regressed: share(({ decision }) => decision === 'regressed'),
      failed: share(({ verdict }) => verdict.kind === 'fail'),
    };
  };

  it.each([
    ['alike', 0, { excludes0: [0.015, 0.05], changed: [0, 0.01], regressed: [0, 0.01], failed: [0, 0] }],
    ['1 % apart', 0.01, { excludes0: [0.06, 0.16], changed: [0, 0.02], regressed: [0, 0.01], failed: [0, 0] }],
    ['3 % apart', 0.03, { excludes0: [0.42, 0.52], changed: [0.2, 0.3], regressed: [0.09, 0.15], failed: [0, 0.02] }],
  ])('that are %s', (_what, between, expected) => {
    const shares = sessions(between, 0.02, 7);
    for (const kind of ['excludes0', 'changed', 'regressed', 'failed'] as const) {
      expect(shares[kind]).toBeGreaterThanOrEqual(expected[kind][0]!);
      expect(shares[kind]).toBeLessThanOrEqual(expected[kind][1]!);
    }
  });
});
