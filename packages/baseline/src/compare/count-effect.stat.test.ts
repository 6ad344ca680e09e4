import { createRng, deriveSeed, rankTest, type Rng } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { countEffect, type RoundCount } from './count-effect.ts';
import { studentP, studentQuantile } from './student-t.ts';

/** The share of failures of one round. */
type Share = (rng: Rng) => number;

const trials = 200;
const sessions = 1000;

const counted = (share: Share, rounds: number, rng: Rng): RoundCount[] =>
  Array.from({ length: rounds }, () => {
    const own = share(rng);
    let events = 0;
    for (let i = 0; i < trials; i++) if (rng() < own) events++;
    return { events, trials };
  });

const shares = (counts: readonly RoundCount[]): number[] => counts.map(({ events }) => events / trials);

/** By counts, or by ranks where counts leave it to them. */
function differ(base: readonly RoundCount[], head: readonly RoundCount[]): boolean {
  const one = countEffect(base, head, 0.95);
  if (one === undefined) return rankTest(shares(base), shares(head)).either <= 0.05;
  return one.p <= 0.05 && (one.effect.lo > 0 || one.effect.hi < 0);
}

/** How often a change is found at the level of 5 %. */
function found(base: Share, head: Share, rounds: number, seed: number): number {
  let hits = 0;
  for (let session = 0; session < sessions; session++) {
    const rng = createRng(deriveSeed(seed, session));
    if (differ(counted(base, rounds, rng), counted(head, rounds, rng))) hits++;
  }
  return hits / sessions;
}

const always =
  (share: number): Share =>
  () =>
    share;
const between =
  (from: number, to: number): Share =>
  (rng) =>
    from + (to - from) * rng();
const outages =
  (often: number, share: number): Share =>
  (rng) =>
    rng() < often ? share : 0;

describe('counts of the same code', () => {
  it.each<[string, Share]>([
    ['that fails as chance has it', always(0.1)],
    ['that fails seldom', always(0.002)],
    ['whose rounds differ a little', between(0.05, 0.15)],
    ['whose rounds differ a lot', between(0, 0.4)],
    ['with outages of whole rounds', outages(0.5, 1)],
    ['with outages now and then', outages(0.2, 0.3)],
  ])('%s change no more often than 5 %%', (_what, share) => {
    for (const rounds of [3, 4, 5, 10])
      expect(found(share, share, rounds, rounds), `${rounds} rounds`).toBeLessThanOrEqual(0.05);
  });
});

it.each<[string, Share, Share, number, number]>([
  ['nothing to everything', always(0), always(1), 3, 1],
  ['nothing to a tenth', always(0), always(0.1), 4, 1],
  ['nothing to a tenth, rounds apart', always(0), between(0.07, 0.13), 4, 0.95],
  ['2 % to 5 %', always(0.02), always(0.05), 5, 0.8],
])('counts find %s', (_what, base, head, rounds, least) => {
  expect(found(base, head, rounds, 9)).toBeGreaterThanOrEqual(least);
});

it('rounds far apart, too few rounds and nothing counted are left to ranks', () => {
  const of = (...events: number[]): RoundCount[] => events.map((each) => ({ events: each, trials }));
  expect(countEffect(of(0, 0, 0, 0), of(0, 200, 0, 200), 0.95)).toBe(undefined);
  expect(countEffect(of(0, 0), of(200, 200), 0.95)).toBe(undefined);
  expect(countEffect(of(0, 0, 0), of(0, 0, 0), 0.95)).toBe(undefined);
  expect(countEffect(of(200, 200, 200), of(200, 200, 200), 0.95)).toBe(undefined);
  const all = countEffect(of(0, 0, 0, 0), of(200, 200, 200, 200), 0.95)!;
  expect(all.p).toBe(2 ** -7);
  // Relative to one per cent, since base has none.
  expect(all.effect.hi).toBe(100);
  expect(all.effect.lo).toBeGreaterThan(98);
});

it.each([
  [1, 12.706],
  [2, 4.303],
  [5, 2.571],
  [6, 2.447],
  [30, 2.042],
])("Student's t with %i degrees of freedom stays below %d nineteen times in twenty", (df, t) => {
  expect(studentQuantile(0.95, df)).toBeCloseTo(t, 3);
  expect(studentP(t, df)).toBeCloseTo(0.05, 4);
  expect([studentP(0, df), studentP(Infinity, df)]).toEqual([1, 0]);
});
