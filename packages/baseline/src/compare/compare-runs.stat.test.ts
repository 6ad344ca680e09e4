import { createRng, deriveSeed, type Decision } from '@perfkeel/core';
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
function shares(spread: number, factor: number, seed: number): Record<Decision, number> {
  const counts: Record<Decision, number> = { regressed: 0, improved: 0, unchanged: 0, inconclusive: 0 };
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
