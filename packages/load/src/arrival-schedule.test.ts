import { nanos, perSecond } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { createArrivalSchedule, type ArrivalSchedule } from './arrival-schedule.ts';

const times = (schedule: ArrivalSchedule): number[] =>
  Array.from({ length: schedule.count }, (_, i) => schedule.timeOf(i));

describe('uniform arrivals', () => {
  it('are equally far from each other and begin at once', () => {
    const schedule = createArrivalSchedule({ rate: perSecond(4), duration: nanos(1e9) });
    expect(times(schedule)).toEqual([0, 250e6, 500e6, 750e6]);
  });

  it.each([
    ['a whole number of arrivals', 100, 10, 1000],
    ['a rate a minute, which binary cannot write', 100 / 60, 60, 100],
    ['a tenth a second', 0.1, 30, 3],
    ['a last arrival without its whole interval', 3, 1.5, 5],
    ['less than one arrival: the one at 0', 0.3, 1, 1],
    ['no time at all', 100, 0, 0],
  ])('%s: %d/s for %d s is %d', (_, rate, seconds, count) => {
    expect(createArrivalSchedule({ rate: perSecond(rate), duration: nanos(seconds * 1e9) }).count).toBe(count);
  });

  it('do not drift: arrival 10^9 at 3/s is due after 10^9 / 3 seconds', () => {
    const schedule = createArrivalSchedule({ rate: perSecond(3), duration: nanos(1e18) });
    expect(schedule.timeOf(1e9)).toBe(1e18 / 3);
  });
});

describe('Poisson arrivals', () => {
  const poisson = (seed: number): ArrivalSchedule =>
    createArrivalSchedule({ rate: perSecond(1000), duration: nanos(5e9), arrivals: 'poisson', seed });

  it('are the same for the same seed, and others for another', () => {
    expect(times(poisson(7))).toEqual(times(poisson(7)));
    expect(times(poisson(7)).slice(0, 3)).not.toEqual(times(poisson(8)).slice(0, 3));
  });

  it('can be asked for in any order', () => {
    const inOrder = times(poisson(7));
    const schedule = poisson(7);
    const backwards = inOrder.map((_, i) => schedule.timeOf(inOrder.length - 1 - i));
    expect(backwards.reverse()).toEqual(inOrder);
  });

  it('of an empty window are none', () => {
    const none = createArrivalSchedule({ rate: perSecond(1000), duration: nanos(0), arrivals: 'poisson', seed: 7 });
    expect(none.count).toBe(0);
  });
});
