import { createRng, type Rng } from '@perfkeel/core';
import {
  bimodal,
  drawSample,
  heavyTailed,
  logNormal,
  normal,
  type ReferenceDistribution,
} from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { benchRun } from '../../test/runs-of-rounds.ts';
import { compareSides } from './compare-sides.ts';
import { defaultPlan } from './comparison-plan.ts';
import { judgeLook } from './judge-look.ts';

type Sides = readonly [base: readonly number[], head: readonly number[]];
type Draw = (rng: Rng) => Sides;

const runs = ([base, head]: Sides, size: number) => ({
  base: benchRun('BASE', base.slice(0, size)),
  head: benchRun('HEAD', head.slice(0, size)),
});

/** One whole session: looks until the first set is done, and confirms what it suspects. */
function session(draw: Draw, rng: Rng) {
  const first = draw(rng);
  const stop = defaultPlan.looks.find(
    (size, look) => judgeLook('screen', look, runs(first, size)).get('parse') !== 'more',
  )!;
  const screen = runs(first, stop);
  const look = defaultPlan.looks.indexOf(stop);
  if (judgeLook('screen', look, screen).get('parse') !== 'confirm') return compareSides(screen).comparisons[0]!;
  const second = draw(rng);
  const end = defaultPlan.confirmLooks.find(
    (size, again) => judgeLook('confirm', again, { ...runs(second, size), screen }).get('parse') === 'done',
  )!;
  return compareSides({ ...screen, confirmation: runs(second, end) }).comparisons[0]!;
}

/** Sides of 80 rounds; `factor` is how much slower head is. */
const steady =
  (kind: ReferenceDistribution, factor = 1): Draw =>
  (rng) => [drawSample(kind, 80, rng), drawSample(kind, 80, rng).map((value) => value * factor)];

/** A machine whose speed wanders by a tenth from round to round, for both sides at once. */
const drifting =
  (factor = 1): Draw =>
  (rng) => {
    let level = 0;
    const levels = Array.from({ length: 80 }, () => (level = 0.9 * level + 0.2 * (rng() - 0.5)));
    const side = (scale: number): number[] =>
      levels.map((at) => 100 * scale * Math.exp(at + drawSample(normal(0, 0.015), 1, rng)[0]!));
    return [side(1), side(factor)];
  };

/** A hog that meets half of the rounds of head, and never base. */
const hogged: Draw = (rng) => {
  const [base, head] = steady(logNormal(4, 0.02))(rng);
  return [base, head.map((value) => (rng() < 0.5 ? value * (1.1 + 0.4 * rng()) : value))];
};

const of = (sessions: number, seed: number, draw: Draw) => {
  const rng = createRng(seed);
  const found = Array.from({ length: sessions }, () => session(draw, rng));
  const share = (decision: string): number => found.filter((each) => each.decision === decision).length / sessions;
  const covered = (truth: number): number =>
    found.filter(({ effect }) => effect!.lo <= truth && truth <= effect!.hi).length / sessions;
  return { share, covered };
};

const kinds: readonly (readonly [string, ReferenceDistribution])[] = [
  ['normal', normal(100, 3)],
  ['log-normal', logNormal(4, 0.04)],
  ['heavy-tailed', heavyTailed(30)],
  ['bimodal', bimodal()],
];

describe('sessions of identical code', () => {
  it.each([...kinds.map(([name, kind]) => [name, steady(kind)] as const), ['drifting', drifting()] as const])(
    'raise no false alarm, and their intervals hold 0: %s',
    (_name, draw) => {
      const { share, covered } = of(30, 3, draw);
      expect(share('regressed') + share('improved')).toBeLessThanOrEqual(0.01);
      expect(covered(0)).toBeGreaterThanOrEqual(0.93);
    },
  );

  it('hardly ever raise one when a hog meets half of the rounds of head and none of base', () => {
    expect(of(25, 4, hogged).share('regressed')).toBeLessThanOrEqual(0.04);
  });
});

describe('sessions of slower code', () => {
  it.each([
    ['normal', 1.1, 0.97, steady(normal(100, 3), 1.1)],
    ['normal', 1.05, 0.9, steady(normal(100, 2), 1.05)],
    ['log-normal', 1.1, 0.95, steady(logNormal(4, 0.04), 1.1)],
    ['drifting', 1.1, 0.95, drifting(1.1)],
  ] as const)('find it: %s, %d of the time', (_name, factor, least, draw) => {
    const { share, covered } = of(50, 5, draw);
    expect(share('regressed')).toBeGreaterThanOrEqual(least);
    expect(share('improved')).toBe(0);
    expect(covered(factor - 1)).toBeGreaterThanOrEqual(0.93);
  });
});
