import { nanosFromMs } from '@perfkeel/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countPhases } from './count-phases.ts';
import { constant, type Phase } from './profile/phase.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const phase = (name: string, ms: number, record: boolean): Phase => ({
  ...{ name, record },
  ...{ duration: nanosFromMs(ms), level: constant(10) },
});

it('tells when what is measured begins and ends, rests left out', () => {
  const told: [string, number][] = [];
  const began = Date.now();
  const phases = [
    phase('warm-up', 50, false),
    phase('a', 100, true),
    phase('b', 100, true),
    phase('rest', 30, false),
    phase('c', 20, true),
  ];
  const stop = countPhases(phases, (moment) => told.push([moment, Date.now() - began]));
  vi.advanceTimersByTime(400);
  stop();
  expect(told).toEqual([
    ['begins', 50],
    ['ends', 250],
    ['begins', 280],
    ['ends', 400],
  ]);
});

it('begins at once without a warm-up, and ends with a load that is cut short', () => {
  const told: string[] = [];
  countPhases([phase('steady', 1000, true), phase('rest', 10, false)], (moment) => told.push(moment))();
  vi.advanceTimersByTime(5000);
  expect(told).toEqual(['begins', 'ends']);
});
