import { nanos, perSecond } from '@perfkeel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArrivalSchedule, type ArrivalProcess } from './arrival-schedule.ts';

const rates = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.integer({ min: 1, max: 100_000 }).map((perMinute) => perMinute / 60),
);
const seconds = fc.integer({ min: 1, max: 300 }).map((tenths) => tenths / 10);
const bounded = fc.tuple(rates, seconds).filter(([rate, time]) => rate * time <= 20_000);
const process = fc.constantFrom<ArrivalProcess>('uniform', 'poisson');

describe('an arrival schedule', () => {
  it('never goes back, and stays inside its window', () => {
    fc.assert(
      fc.property(bounded, process, fc.integer(), ([rate, time], arrivals, seed) => {
        const duration = nanos(time * 1e9);
        const { count, timeOf } = bind(createArrivalSchedule({ rate: perSecond(rate), duration, arrivals, seed }));
        let previous = 0;
        for (let i = 0; i < count; i++) {
          const now = timeOf(i);
          if (now < previous || now >= duration) return false;
          previous = now;
        }
        return true;
      }),
      { numRuns: 60 },
    );
  });

  it('that is uniform has rate x duration arrivals, rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 86_400 }), (perMinute, time) => {
        const { count } = createArrivalSchedule({ rate: perSecond(perMinute / 60), duration: nanos(time * 1e9) });
        // In whole numbers, and so exactly.
        expect(count).toBe(Number((BigInt(perMinute) * BigInt(time) + 59n) / 60n));
      }),
    );
  });
});

const bind = (schedule: ReturnType<typeof createArrivalSchedule>) => ({
  count: schedule.count,
  timeOf: (i: number) => schedule.timeOf(i),
});
