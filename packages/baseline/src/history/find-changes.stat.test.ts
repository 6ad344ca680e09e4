import { createRng, type Rng } from '@perfkeel/core';
import { drawSample, heavyTailed, normal } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { findChanges } from './find-changes.ts';
import { forecastCrossing, predict } from './forecast.ts';

// Fixed seeds: these hold or fail the same way every time. The bounds are those of tools/accuracy/history-*.mjs, with room.

const gauss = (rng: Rng): number => drawSample(normal(0, 1), 1, rng)[0]!;
const history = (n: number, rng: Rng, level: (i: number) => number, noise: (rng: Rng) => number): number[] =>
  Array.from({ length: n }, (_, i) => 1e6 * Math.exp(level(i) + noise(rng)));
const white = (rng: Rng): number => 0.03 * gauss(rng);

const stepsOf = (values: readonly number[]): number[] =>
  findChanges(values)
    .segments.slice(1)
    .map(({ from }) => from);

describe('change points', () => {
  it.each([
    ['normal noise of 3 %', () => white],
    ['lone outliers', () => (rng: Rng) => white(rng) + (rng() < 0.04 ? 0.4 : 0)],
    ['heavy tails', () => (rng: Rng) => 0.06 * Math.log(drawSample(heavyTailed(1), 1, rng)[0]!)],
    ['two modes', () => (rng: Rng) => 0.015 * gauss(rng) + (rng() < 0.2 ? 0.08 : 0)],
    [
      'neighbours that go together',
      () => {
        let state = 0;
        return (rng: Rng) => (state = 0.4 * state + 0.03 * gauss(rng));
      },
    ],
  ])('at most one in a thousand runs where nothing changes: %s', (_, noise) => {
    let found = 0;
    for (let seed = 0; seed < 12; seed++) found += stepsOf(history(250, createRng(seed), () => 0, noise())).length;
    expect(found).toBeLessThanOrEqual(3);
  });

  it('a step of 10 % in noise of 3 % is found at its place, within five runs in nine of ten histories', () => {
    const delays = Array.from({ length: 60 }, (_, seed) => {
      const values = history(80, createRng(100 + seed), (i) => (i < 60 ? 0 : Math.log(1.1)), white);
      for (let runs = 1; runs < 20; runs++) {
        if (stepsOf(values.slice(0, 60 + runs)).some((at) => Math.abs(at - 60) <= 2)) return runs;
      }
      return 20;
    });
    expect(delays.filter((runs) => runs <= 5).length).toBeGreaterThanOrEqual(54);
  });

  it('a drift is called one, and not steps, in most histories', () => {
    const shapes = Array.from({ length: 40 }, (_, seed) =>
      findChanges(history(100, createRng(seed), (i) => 0.003 * i, white))
        .segments.map(({ shape }) => shape)
        .join(),
    );
    expect(shapes.filter((shape) => shape === 'drift').length).toBeGreaterThanOrEqual(35);
  });
});

describe('forecasts', () => {
  it('a 90 % interval for the next values holds 85 to 95 % of them', () => {
    for (const ahead of [1, 10]) {
      let [held, all] = [0, 0];
      for (let seed = 0; seed < 400; seed++) {
        const slope = seed % 2 === 0 ? 0 : 0.003;
        const values = history(60, createRng(seed), (i) => slope * i, white);
        const { lo, hi } = predict(findChanges(values.slice(0, 50)), ahead)!;
        const value = values[49 + ahead]!;
        all++;
        if (lo <= value && value <= hi) held++;
      }
      expect(held / all).toBeGreaterThanOrEqual(0.85);
      expect(held / all).toBeLessThanOrEqual(0.95);
    }
  });

  it('the interval of a crossing holds it, and levels are not given one', () => {
    let [spoken, held, false_] = [0, 0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const rng = createRng(seed);
      const truth = 5 + 40 * rng();
      const values = history(60, rng, (i) => 0.004 * i, white);
      const limit = { source: 'p99 < 1ms', comparator: '<', value: 1e6 * Math.exp(0.004 * (59 + truth)) } as const;
      const forecast = forecastCrossing(findChanges(values), limit);
      if (forecast) {
        spoken++;
        if (forecast.lo <= Math.ceil(truth) && truth <= forecast.hi) held++;
      }
      const level = findChanges(history(60, rng, () => 0, white));
      if (forecastCrossing(level, { ...limit, value: 1.1e6 })) false_++;
    }
    expect(spoken).toBeGreaterThanOrEqual(170);
    expect(held / spoken).toBeGreaterThanOrEqual(0.85);
    expect(false_).toBeLessThanOrEqual(1);
  });
});
