import { describe, expect, it } from 'vitest';
import { bytes, intervalOf, msFromNanos, nanos, nanosFromMs, perSecond, type Bytes, type Nanos } from './units.ts';

describe('units', () => {
  it.each([
    ['a thousand a second is a millisecond apart', intervalOf(perSecond(1000)), 1e6],
    ['one a minute is a minute apart', intervalOf(perSecond(1 / 60)), 60e9],
    ['a rate of 0 never comes', intervalOf(perSecond(0)), Infinity],
    ['milliseconds to nanoseconds', nanosFromMs(1.5), 1_500_000],
    ['and back', msFromNanos(nanos(1_500_000)), 1.5],
  ])('%s', (_, got, wanted) => {
    expect(got).toBeCloseTo(wanted, 6);
  });

  it('do not mix: each of these lines is a compile error', () => {
    const wait = (time: Nanos): Nanos => time;
    const hold = (size: Bytes): Bytes => size;
    // @ts-expect-error a plain number could be milliseconds
    wait(200);
    // @ts-expect-error bytes are no time
    wait(bytes(200));
    // @ts-expect-error a rate is no time
    wait(perSecond(5));
    // @ts-expect-error a time is no size
    hold(nanos(200));
    // @ts-expect-error a time is no rate
    intervalOf(nanos(5));
    expect(wait(nanos(200))).toBe(200);
  });
});
