import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '@perfkeel/core';
import { shownChange, steadiness, type Trend } from './steady-state.ts';

const series = (length: number, at: (i: number) => number): number[] => Array.from({ length }, (_, i) => at(i));

describe('without noise', () => {
  test.each<[string, number, (i: number) => number, Trend]>([
    ['always the same', 100, () => 10, 'steady'],
    ['4 % faster in the newer half', 100, (i) => (i < 50 ? 10 : 9.6), 'steady'],
    ['6 % faster in the newer half', 100, (i) => (i < 50 ? 10 : 9.4), 'faster'],
    ['6 % slower in the newer half', 100, (i) => (i < 50 ? 10 : 10.6), 'slower'],
    ['half as long from the middle on', 8, (i) => (i < 4 ? 2 : 1), 'faster'],
    ['a slow fall by a fifth', 100, (i) => 10 - i / 50, 'faster'],
    ['a level that comes and goes for long', 100, (i) => (Math.floor(i / 20) % 2 === 0 ? 10 : 13), 'unclear'],
    ['every other batch slower', 100, (i) => (i % 2 === 0 ? 10 : 13), 'steady'],
    ['one batch in five hit by a hiccup', 100, (i) => (i % 5 === 0 ? 1000 : 10), 'steady'],
    ['seven batches', 7, () => 10, 'too-few'],
    ['nothing', 0, () => 10, 'too-few'],
  ])('%s', (_, length, at, trend) => {
    expect(steadiness(series(length, at)).trend).toBe(trend);
  });

  test('the change is that from the older to the newer half, and absent when nothing can be said', () => {
    expect(steadiness(series(20, (i) => (i < 10 ? 10 : 8))).change).toMatchObject({
      confidence: expect.any(Number) as number,
    });
    expect(steadiness(series(20, (i) => (i < 10 ? 10 : 8))).change?.value).toBeCloseTo(-0.2, 12);
    expect(steadiness([1, 2, 3]).change).toBeUndefined();
  });
});

describe('a change that is shown', () => {
  const stepAt = (share: number) => series(100, (i) => (i < 100 * share ? 12 : 10));

  test.each([0.2, 0.33, 0.5, 0.66, 0.8])('a step after a share of %f', (share) => {
    expect(shownChange(stepAt(share))).toMatchObject({ trend: 'faster' });
    expect(shownChange(stepAt(share))?.change?.value).toBeCloseTo(-1 / 6, 12);
  });

  test.each([
    ['a step at the very beginning', stepAt(0.05)],
    ['a step at the very end', stepAt(0.95)],
    ['no step', stepAt(0)],
    ['too few batches', [3, 2, 1]],
  ])('%s is none', (_, times) => {
    expect(shownChange(times)).toBeUndefined();
  });

  test('eight batches are enough', () => {
    expect(shownChange([2, 2, 2, 2, 1, 1, 1, 1])?.change?.value).toBeCloseTo(-0.5, 12);
  });
});

/** Multiplies by noise that only ever adds: half-normal, with a hiccup of up to three times in one batch of ten. */
function disturbed(rng: Rng, spread: number): (value: number) => number {
  return (value) =>
    value *
    (1 +
      spread * Math.abs(Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(6.2832 * rng())) +
      (rng() < 0.1 ? 3 * rng() : 0));
}

/** The share of 400 noisy series with this trend. */
function share(trend: Trend, length: number, spread: number, at: (i: number) => number): number {
  const rng = createRng(20);
  const noisy = disturbed(rng, spread);
  let hits = 0;
  for (let i = 0; i < 400; i++) hits += Number(steadiness(series(length, at).map(noisy)).trend === trend);
  return hits / 400;
}

describe('with noise, as shares of many series under a fixed seed', () => {
  test.each([
    [60, 0.01],
    [60, 0.03],
    [200, 0.03],
    [600, 0.06],
  ])('%i batches that vary by %f are found steady', (length, spread) => {
    expect(share('steady', length, spread, () => 1)).toBeGreaterThan(0.97);
    expect(share('faster', length, spread, () => 1) + share('slower', length, spread, () => 1)).toBeLessThan(0.01);
  });

  test.each([
    [20, 0.02],
    [60, 0.02],
    [200, 0.05],
    [600, 0.05],
  ])('%i batches that vary by %f around a fall of a tenth are hardly ever found steady', (length, spread) => {
    expect(share('steady', length, spread, (i) => (i < length / 2 ? 1 : 0.9))).toBeLessThan(0.02);
    expect(share('steady', length, spread, (i) => 1 - (0.2 * i) / length)).toBeLessThan(0.02);
  });

  test('more noise than a change could show through is unclear, not steady', () => {
    expect(share('unclear', 20, 0.3, () => 1)).toBeGreaterThan(0.95);
  });

  test.each([
    [60, 0.02],
    [300, 0.05],
  ])('%i batches that vary by %f hardly ever show a change that is not there', (length, spread) => {
    const rng = createRng(21);
    const noisy = disturbed(rng, spread);
    let shown = 0;
    for (let i = 0; i < 400; i++) shown += Number(shownChange(series(length, () => 1).map(noisy)) !== undefined);
    expect(shown / 400).toBeLessThan(0.01);
  });
});
