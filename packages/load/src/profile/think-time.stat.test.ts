import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { thinkTimes, type ThinkTime } from './think-time.ts';

const draws = (think: ThinkTime, seed = 1): number[] => {
  const next = thinkTimes(think, seed);
  return Array.from({ length: 20_000 }, () => next());
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('think times', () => {
  it('that are constant are that', () => {
    expect(new Set(draws({ kind: 'uniform', from: nanos(5), to: nanos(5) }))).toEqual(new Set([5]));
  });

  it('between two times are anywhere between them: mean and spread of a uniform distribution', () => {
    const times = draws({ kind: 'uniform', from: nanos(1e9), to: nanos(3e9) });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1e9);
    expect(Math.max(...times)).toBeLessThan(3e9);
    // Four standard errors: 2 s / sqrt(12 x 20000).
    expect(Math.abs(mean(times) - 2e9)).toBeLessThan(1.7e7);
  });

  it('around a mean are exponential: as often above ln 2 of it as below, and never above ten of it', () => {
    const times = draws({ kind: 'exponential', mean: nanos(1e9) });
    expect(Math.abs(mean(times) - 1e9)).toBeLessThan(3e7);
    expect(Math.abs(times.filter((time) => time < Math.LN2 * 1e9).length / times.length - 0.5)).toBeLessThan(0.015);
    expect(Math.max(...times)).toBeLessThanOrEqual(10e9);
  });

  it('are the same for the same seed', () => {
    const think = { kind: 'exponential', mean: nanos(1e9) } as const;
    expect(draws(think, 4)).toEqual(draws(think, 4));
    expect(draws(think, 4)[0]).not.toBe(draws(think, 5)[0]);
  });
});
