import { nanos } from '@perfkeel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalProcesses } from './arrival-process.ts';
import { createArrivalSchedule, type ArrivalSchedule, type Stripe } from './arrival-schedule.ts';
import { constant, windowsOf, type Phase } from './phase.ts';
import { RateCurve } from './rate-curve.ts';

const rates = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2000 }),
  fc.integer({ min: 1, max: 100_000 }).map((perMinute) => perMinute / 60),
);
const phases: fc.Arbitrary<readonly Phase[]> = fc.array(
  fc.record({
    name: fc.constant('phase'),
    duration: fc.integer({ min: 1, max: 2_000 }).map((ms) => nanos(ms * 1e6)),
    level: fc.oneof(rates.map(constant), fc.record({ from: rates, to: rates })),
    record: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);
const process = fc.constantFrom(...arrivalProcesses);

interface Arrival {
  readonly index: number;
  readonly phase: number;
  readonly dueAt: number;
}

function walked(schedule: ArrivalSchedule, stripe?: Stripe): Arrival[] {
  const all: Arrival[] = [];
  for (const walk = schedule.walk(stripe); walk.dueAt !== Infinity; walk.advance()) {
    all.push({ index: walk.index, phase: walk.phase, dueAt: walk.dueAt });
  }
  return all;
}

/** The area under the rates until a time, by adding up trapezoids: no formula of the schedule's own. */
function expectedUntil(all: readonly Phase[], time: number): number {
  const windows = windowsOf(all);
  return all.reduce((sum, { duration, level }, i) => {
    const inside = Math.min(Math.max(time - windows[i]!.start, 0), duration);
    const rateThen = level.from + (level.to - level.from) * (inside / duration);
    return sum + ((level.from + rateThen) / 2) * (inside / 1e9);
  }, 0);
}

describe('an arrival schedule', () => {
  it('never goes back, stays inside the run, and puts each arrival into the phase that it is due in', () => {
    fc.assert(
      fc.property(phases, process, fc.integer(), (all, arrivals, seed) => {
        const schedule = createArrivalSchedule({ phases: all, arrivals, seed });
        const found = walked(schedule);
        expect(found.map(({ index }) => index)).toEqual(Array.from({ length: schedule.count }, (_, i) => i));
        const windows = windowsOf(all);
        const wrong = found.find(({ index, phase, dueAt }, i) => {
          const { start, end } = windows[phase]!;
          const before = found[i - 1]?.dueAt ?? 0;
          return dueAt < before || dueAt !== schedule.timeOf(index) || dueAt < start || dueAt > end;
        });
        expect(wrong).toBe(undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('that is uniform integrates to the rate: before arrival i exactly i were expected', () => {
    fc.assert(
      fc.property(phases, (all) => {
        const wrong = walked(createArrivalSchedule({ phases: all })).find(
          ({ index, dueAt }) => Math.abs(expectedUntil(all, dueAt) - index) > 1e-6,
        );
        expect(wrong).toBe(undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('is the union of its stripes, uniform or Poisson, whatever their number', () => {
    fc.assert(
      fc.property(phases, process, fc.integer(), fc.integer({ min: 1, max: 7 }), (all, arrivals, seed, of) => {
        const options = { phases: all, arrivals, seed };
        const stripes = Array.from({ length: of }, (_, worker) =>
          walked(createArrivalSchedule(options), { worker, of }),
        ).flat();
        expect(stripes.sort((a, b) => a.index - b.index)).toEqual(walked(createArrivalSchedule(options)));
      }),
      { numRuns: 40 },
    );
  });

  it('that is uniform has rate x duration arrivals, rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 86_400 }), (perMinute, time) => {
        const phase = { name: 'p', duration: nanos(time * 1e9), level: constant(perMinute / 60), record: true };
        // In whole numbers, and so exactly.
        expect(createArrivalSchedule({ phases: [phase] }).count).toBe(
          Number((BigInt(perMinute) * BigInt(time) + 59n) / 60n),
        );
      }),
    );
  });
});

describe('a rate curve', () => {
  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(phases, fc.double({ min: 0, max: 0.999999, noNaN: true }), (all, share) => {
        const curve = new RateCurve(all);
        fc.pre(curve.total > 0);
        const expected = share * curve.total;
        expect(Math.abs(expectedUntil(all, curve.timeAt(expected)) - expected)).toBeLessThan(1e-6);
      }),
    );
  });

  it('begins at its beginning, even for a count that is lost when it is squared', () => {
    const fromNothing = { name: 'p', duration: nanos(2e9), level: { from: 0, to: 1 / 60 }, record: true };
    expect(new RateCurve([fromNothing]).timeAt(5e-324)).toBe(0);
  });
});
