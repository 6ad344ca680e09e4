import { describe, expect, it } from 'vitest';
import type { Disturbance } from './disturbance.ts';
import { disturbedWarning } from './disturbed-warning.ts';

const part = (fields: Partial<Disturbance> = {}): Disturbance => ({
  seconds: 1,
  foreign: 0,
  processors: 2,
  busy: 0.5,
  waited: 0,
  stolen: 0,
  paused: 0,
  ...fields,
});
const parts = (count: number): Disturbance[] => Array.from({ length: count }, () => part());

describe('a round is disturbed', () => {
  it.each<[string, Disturbance[], boolean]>([
    ['never by nothing', parts(3), false],
    ['by a program that takes a processor while it waits', [part({ foreign: 1, waited: 0.4 })], true],
    ['not by a program on a processor that nobody wanted', [part({ foreign: 1, waited: 0.01 })], false],
    ['by programs that leave no processor free', [part({ foreign: 1.7, waited: 0.02, busy: 0.99 })], true],
    ['not by its own processes that leave none free', [part({ foreign: 0.1, waited: 0.6, busy: 1 })], false],
    ['not by its own processes', [part({ foreign: 0.1, waited: 0.6 })], false],
    ['not when it cannot be told who is foreign', [part({ foreign: undefined, waited: 0.6 })], false],
    ['not by less than ticks can tell', [part({ seconds: 0.08, foreign: 1, waited: 0.5 })], false],
    ['by a hog in a short round', [part({ seconds: 0.15, foreign: 1, waited: 0.5 })], true],
    ['by the host', [part({ stolen: 0.1 })], true],
    ['not by a tick of the host in a short round', [part({ seconds: 0.1, stolen: 0.1 })], false],
    ['not by a host that takes little', [part({ stolen: 0.03 })], false],
    ['by its quota', [part({ paused: 0.05 })], true],
    ['by one second in a hundred', [...parts(99), part({ foreign: 1, waited: 0.4 })], true],
    ['not by one second in two hundred', [...parts(199), part({ foreign: 1, waited: 0.4 })], false],
    ['not when it was not watched', [], false],
  ])('%s', (_, all, expected) => {
    const warning = disturbedWarning(all);
    expect(warning !== undefined).toBe(expected);
    if (expected) expect(warning).toMatchObject({ code: 'disturbed', forbids: 'fail' });
  });
});

it('says what happened, with the numbers', () => {
  const hog = { name: 'cc1', pid: 4711, processors: 0.9 };
  const hit = (foreign: number, waited: number): Disturbance => part({ foreign, waited, busiest: hog });
  expect(disturbedWarning([part(), hit(0.8, 0.3), hit(1, 0.5)])?.message).toBe(
    'other programs took 0.9 of 2 processors (the most cc1, process 4711) for 2 s of 3 s, and what was measured waited 40 % of that time for one',
  );
  expect(disturbedWarning([part({ seconds: 2.5, stolen: 0.2, paused: 0.04 })])?.message).toBe(
    'other virtual machines took 20 % of the processor time for all of its 2.5 s; the control group used up its processor quota and was paused 4 % of the time for all of its 2.5 s',
  );
});
