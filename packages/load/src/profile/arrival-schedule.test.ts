import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { createArrivalSchedule, type ArrivalSchedule, type Stripe } from './arrival-schedule.ts';
import { constant, type Level, type Phase } from './phase.ts';

const phase = (level: Level | number, seconds: number, name = 'steady'): Phase => ({
  name,
  duration: nanos(seconds * 1e9),
  level: typeof level === 'number' ? constant(level) : level,
  record: true,
});

const times = (schedule: ArrivalSchedule): number[] =>
  Array.from({ length: schedule.count }, (_, i) => schedule.timeOf(i));

/** Index, phase and time of every arrival of a walk. */
function walked(schedule: ArrivalSchedule, stripe?: Stripe): (readonly [number, number, number])[] {
  const all: (readonly [number, number, number])[] = [];
  for (const walk = schedule.walk(stripe); walk.dueAt !== Infinity; walk.advance()) {
    all.push([walk.index, walk.phase, walk.dueAt]);
  }
  return all;
}

describe('uniform arrivals', () => {
  it('are equally far from each other and begin at once', () => {
    expect(times(createArrivalSchedule({ phases: [phase(4, 1)] }))).toEqual([0, 250e6, 500e6, 750e6]);
  });

  it.each([
    ['a whole number of arrivals', 100, 10, 1000],
    ['a rate a minute, which binary cannot write', 100 / 60, 60, 100],
    ['a tenth a second', 0.1, 30, 3],
    ['a last arrival without its whole interval', 3, 1.5, 5],
    ['less than one arrival: the one at 0', 0.3, 1, 1],
    ['no time at all', 100, 0, 0],
    ['a rest', 0, 10, 0],
  ])('%s: %d/s for %d s is %d', (_, rate, seconds, count) => {
    const schedule = createArrivalSchedule({ phases: [phase(rate, seconds)] });
    expect([schedule.count, walked(schedule).length]).toEqual([count, count]);
  });

  it('do not drift: arrival 10^9 at 3/s is due after 10^9 / 3 seconds', () => {
    expect(createArrivalSchedule({ phases: [phase(3, 1e9)] }).timeOf(1e9)).toBe(1e18 / 3);
  });

  it('of a ramp come when the area under it reaches a whole number', () => {
    // From nothing to 8/s in 4 s: after t seconds t^2 arrivals are expected.
    const up = createArrivalSchedule({ phases: [phase({ from: 0, to: 8 }, 4)] });
    expect(times(up).map((time) => Math.round(time))).toEqual(
      Array.from({ length: 16 }, (_, i) => Math.round(Math.sqrt(i) * 1e9)),
    );
    const down = createArrivalSchedule({ phases: [phase({ from: 8, to: 0 }, 4)] });
    expect(times(down).map((time) => Math.round(time))).toEqual(
      Array.from({ length: 16 }, (_, i) => Math.round((4 - Math.sqrt(16 - i)) * 1e9)),
    );
  });

  it('go on over the end of a phase as if nothing had ended', () => {
    // 2.5 arrivals are expected of the warm-up, so that half a gap of it is left.
    const schedule = createArrivalSchedule({ phases: [phase(10, 0.25, 'warm-up'), phase(10, 1)] });
    expect(times(schedule).map((time) => time / 1e6)).toEqual([
      0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200,
    ]);
    expect(walked(schedule).map(([, phase]) => phase)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('skip a rest, and belong to the phase that they are due in', () => {
    const schedule = createArrivalSchedule({
      phases: [phase(2, 1, 'hold'), phase(0, 3, 'rest'), phase(4, 1, 'spike'), phase(0, 1, 'end')],
    });
    expect(walked(schedule)).toEqual([
      [0, 0, 0],
      [1, 0, 0.5e9],
      [2, 2, 4e9],
      [3, 2, 4.25e9],
      [4, 2, 4.5e9],
      [5, 2, 4.75e9],
    ]);
  });
});

describe('a worker', () => {
  it('takes every so many-th arrival, at the time that it has for all', () => {
    const schedule = createArrivalSchedule({ phases: [phase(4, 2)] });
    expect(walked(schedule, { worker: 1, of: 3 })).toEqual([
      [1, 0, 0.25e9],
      [4, 0, 1e9],
      [7, 0, 1.75e9],
    ]);
  });

  it('of more workers than arrivals has none', () => {
    expect(walked(createArrivalSchedule({ phases: [phase(2, 1)] }), { worker: 2, of: 3 })).toEqual([]);
  });
});

describe('Poisson arrivals', () => {
  const poisson = (seed: number): ArrivalSchedule =>
    createArrivalSchedule({ phases: [phase(1000, 5)], arrivals: 'poisson', seed });

  it('are the same for the same seed, and others for another', () => {
    expect(times(poisson(7))).toEqual(times(poisson(7)));
    expect(times(poisson(7)).slice(0, 3)).not.toEqual(times(poisson(8)).slice(0, 3));
  });

  it('can be asked for in any order, without having been counted', () => {
    const inOrder = times(poisson(7));
    const schedule = poisson(7);
    const backwards = inOrder.map((_, i) => schedule.timeOf(inOrder.length - 1 - i));
    expect(backwards.reverse()).toEqual(inOrder);
  });

  it('of an empty window are none', () => {
    expect(createArrivalSchedule({ phases: [phase(1000, 0)], arrivals: 'poisson', seed: 7 }).count).toBe(0);
  });
});
