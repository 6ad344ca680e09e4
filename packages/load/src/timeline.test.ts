import { nanos, perSecond } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { createTimeline } from './timeline.ts';

const base = {
  rate: perSecond(10),
  arrivals: 'uniform',
  warmup: nanos(0.25e9),
  duration: nanos(1e9),
  seed: 1,
} as const;

describe('the timeline', () => {
  it('gives the steady phase exactly rate x duration arrivals, whatever the warm-up', () => {
    const timeline = createTimeline(base);
    expect([timeline.count, timeline.steadyCount]).toEqual([13, 10]);
    expect(Array.from({ length: 13 }, (_, i) => timeline.intendedAt(i) / 1e6)).toEqual([
      0, 100, 200, 250, 350, 450, 550, 650, 750, 850, 950, 1050, 1150,
    ]);
  });

  it('draws its phases from different seeds', () => {
    const timeline = createTimeline({ ...base, rate: perSecond(1000), arrivals: 'poisson', warmup: nanos(1e9) });
    const first = timeline.count - timeline.steadyCount;
    expect(timeline.intendedAt(0)).not.toBe(timeline.intendedAt(first) - 1e9);
  });
});
