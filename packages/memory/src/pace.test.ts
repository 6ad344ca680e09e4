import { describe, expect, test } from 'vitest';
import type { HeapReading } from './heap-reader.ts';
import { memoryRoom, planIterations, warmUp, type Pace } from './pace.ts';
import { workOf } from './repeat.ts';

const limits = { durationMs: 6000, samples: 48, smallest: 1, floor: 32_768, room: Infinity };
const pace = (parts: Partial<Pace>): Pace => ({ msPerCall: 0.001, growth: 0, pauseMs: 10, ...parts });
const mib = 2 ** 20;

describe('iterations between two samples', () => {
  test('a slow cycle fills the time that the collections leave', () => {
    // 6000 ms, less 6 % for the warm-up and 48 pauses of 10 ms, is 5160 ms or 107.5 ms a sample.
    expect(planIterations(pace({ msPerCall: 1 }), 100, limits)).toBe(107);
  });

  test('a fast cycle stops where the resolution is twenty times finer than asked', () => {
    const iterations = planIterations(pace({ msPerCall: 1e-5 }), 1000, limits);
    expect(iterations).toBe(Math.floor((40 * 32_768) / 48));
    expect(32_768 / (24 * iterations)).toBeCloseTo(0.05, 3);
  });

  test('a finer question takes more', () => {
    const iterations = planIterations(pace({ msPerCall: 1e-5 }), 1000, { ...limits, smallest: 0.1 });
    expect(iterations).toBe(Math.floor((400 * 32_768) / 48));
  });

  test('sixteen times the warm-up, so that a staircase shows its steps', () => {
    expect(planIterations(pace({ msPerCall: 1e-5 }), 480_000, limits)).toBe(160_000);
  });

  test('a leak gets what memory has room for', () => {
    expect(planIterations(pace({ growth: 1000 }), 1000, limits)).toBe(Math.floor((6000 * 8192) / 48 / 1000));
  });

  test('a small heap leaves less room', () => {
    expect(planIterations(pace({ growth: 1000 }), 1000, { ...limits, room: 8e6 })).toBe(Math.floor(6e6 / 48 / 1000));
  });

  test('at least one, however slow or hungry', () => {
    expect(planIterations(pace({ msPerCall: 1e5, growth: 1e12 }), 1, limits)).toBe(1);
  });

  test('dear collections leave a quarter of the time to the work', () => {
    expect(planIterations(pace({ msPerCall: 1, pauseMs: 500 }), 100, limits)).toBe(31);
  });
});

test('half of what is free below the heap limit may be used', () => {
  expect(memoryRoom({ heap: 10 * mib, external: 30 * mib, rss: 0 }, 100 * mib)).toBe(30 * mib);
  expect(memoryRoom({ heap: 90 * mib, external: 30 * mib, rss: 0 }, 100 * mib)).toBe(0);
});

describe('warm-up', () => {
  const flat: HeapReading = { heap: mib, external: 0, rss: 0 };

  test('a first iteration that loads much does not end it', async () => {
    let calls = 0;
    const read = (): Promise<HeapReading> =>
      Promise.resolve(calls === 0 ? flat : { heap: 60 * mib, external: 0, rss: 0 });
    const warm = await warmUp(
      workOf(() => calls++),
      read,
      1000,
    );
    expect(warm.iterations).toBe(calls);
    expect(calls).toBeGreaterThan(100);
    expect(warm.pace.growth).toBe(0);
  });

  test('a cycle that keeps a megabyte ends it at once', async () => {
    let calls = 0;
    const read = (): Promise<HeapReading> => Promise.resolve({ heap: calls * mib, external: 0, rss: 0 });
    const warm = await warmUp(
      workOf(() => calls++),
      read,
      1000,
    );
    expect(calls).toBe(2);
    expect(warm.pace.growth).toBe(0.75 * mib);
  });
});
