import { nanos, sorted } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { createArrivalSchedule } from './arrival-schedule.ts';
import { constant, type Level, type Phase } from './phase.ts';

/** The largest distance between an empirical distribution and a true one (Kolmogorov and Smirnov). */
function distance(values: readonly number[], cdf: (x: number) => number): number {
  const n = values.length;
  return sorted(values)
    .map((x, i) => Math.max(Math.abs(cdf(x) - i / n), Math.abs((i + 1) / n - cdf(x))))
    .reduce((a, b) => Math.max(a, b), 0);
}

/** Above this distance, p < 0.001 for large n: sqrt(-ln(0.001 / 2) / 2) / sqrt(n). */
const critical = (n: number): number => 1.9495 / Math.sqrt(n);

const rate = 500;
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

const phase = (level: Level, seconds: number): Phase => ({
  name: 'p',
  duration: nanos(seconds * 1e9),
  level,
  record: true,
});

const gapsOf = (seed: number): number[] => {
  const schedule = createArrivalSchedule({ phases: [phase(constant(rate), 20)], arrivals: 'poisson', seed });
  return Array.from({ length: schedule.count - 1 }, (_, i) => schedule.timeOf(i + 1) - schedule.timeOf(i));
};

describe('Poisson arrivals', () => {
  it.each(seeds)('have exponential gaps, across blocks too (seed %d)', (seed) => {
    const gaps = gapsOf(seed);
    expect(distance(gaps, (x) => 1 - Math.exp((-x * rate) / 1e9))).toBeLessThan(critical(gaps.length));
  });

  it('have gaps that do not depend on each other: no correlation of neighbours', () => {
    const gaps = gapsOf(1);
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const pairs = gaps.slice(1).map((gap, i) => (gap - mean) * (gaps[i]! - mean));
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
    const correlation = pairs.reduce((a, b) => a + b, 0) / variance;
    expect(Math.abs(correlation)).toBeLessThan(3.29 / Math.sqrt(gaps.length));
  });

  it('are as many as a Poisson count: mean and variance are rate x duration', () => {
    const counts = Array.from({ length: 400 }, (_, seed) =>
      createArrivalSchedule({ phases: [phase(constant(100), 1)], arrivals: 'poisson', seed }),
    ).map(({ count }) => count);
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    // Three standard errors: 10 / sqrt(400) for the mean, 100 x sqrt(2 / 399) for the variance.
    expect(Math.abs(mean - 100)).toBeLessThan(1.5);
    expect(Math.abs(variance - 100)).toBeLessThan(21.3);
  });

  it('of a ramp are spread as the ramp is: after t of 20 s, (t / 20)^2 of them have come', () => {
    const options = { phases: [phase({ from: 0, to: 1000 }, 20)], arrivals: 'poisson', seed: 3 } as const;
    const schedule = createArrivalSchedule(options);
    const times = Array.from({ length: schedule.count }, (_, i) => schedule.timeOf(i));
    expect(distance(times, (time) => (time / 20e9) ** 2)).toBeLessThan(critical(times.length));
  });
});
