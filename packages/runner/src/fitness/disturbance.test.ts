import { describe, expect, it } from 'vitest';
import { disturbanceBetween } from './disturbance.ts';
import type { ProcessTimes } from './process-table.ts';
import type { RoundMoment } from './round-moment.ts';

const used = (pid: number, usedMs: number, reapedMs = 0, started = 1): ProcessTimes => ({
  pid,
  name: `program-${pid}`,
  parent: 1,
  group: pid,
  kernel: false,
  started,
  usedMs,
  reapedMs,
});

const moment = (fields: Partial<RoundMoment> & { busy?: number; stolen?: number } = {}): RoundMoment => {
  const { busy = 0, stolen = 0, ...rest } = fields;
  return {
    atMs: 0,
    processors: { processors: 2, busyMs: busy, stolenMs: stolen },
    runnerMs: 0,
    kernelMs: 0,
    own: [],
    others: [],
    queues: new Map(),
    pausedMs: 0,
    ...rest,
  };
};
const queues = (...waits: (readonly [pid: number, waitedMs: number])[]): RoundMoment['queues'] =>
  new Map(waits.map(([pid, waitedMs]) => [pid, { ranMs: 0, waitedMs }]));

describe('foreign processor time', () => {
  it.each<[string, RoundMoment, RoundMoment, number]>([
    ['all of it, when the round used nothing', moment(), moment({ atMs: 1000, busy: 1500 }), 1.5],
    [
      'none, when the round and the runner used it',
      moment({ own: [used(7, 100)], runnerMs: 10 }),
      moment({ atMs: 2000, busy: 1500, own: [used(7, 1500)], runnerMs: 110 }),
      0,
    ],
    [
      'what a child of the round used is its own, also after the child has ended',
      moment({ own: [used(7, 100), used(8, 300)] }),
      moment({ atMs: 1000, busy: 600, own: [used(7, 200, 800)] }),
      0,
    ],
    ['none, when the kernel used it', moment({ kernelMs: 50 }), moment({ atMs: 1000, busy: 400, kernelMs: 450 }), 0],
    [
      'a child that lived and ended between the moments',
      moment({ own: [used(7, 0)] }),
      moment({ atMs: 1000, busy: 900, own: [used(7, 100, 700)] }),
      0.1,
    ],
    [
      'a process that was started meanwhile',
      moment({ own: [used(7, 0)] }),
      moment({ atMs: 1000, busy: 900, own: [used(7, 100), used(9, 300)] }),
      0.5,
    ],
    ['never less than none, whatever ticks say', moment(), moment({ atMs: 1000, busy: 90, own: [used(7, 120)] }), 0],
  ])('%s', (_, from, to, expected) => {
    expect(disturbanceBetween(from, to).foreign).toBeCloseTo(expected, 12);
  });

  it('is unknown when it cannot be told who belongs to the round', () => {
    expect(disturbanceBetween(moment(), moment({ atMs: 1000, busy: 1500 }), false).foreign).toBeUndefined();
  });
});

it('names the program that used most, and does not take a new one for an old one of the same id', () => {
  const from = moment({ others: [used(20, 5000), used(21, 100), used(22, 9000, 0, 1)] });
  const to = moment({ atMs: 1000, others: [used(20, 5100), used(21, 600), used(22, 700, 0, 99)] });
  expect(disturbanceBetween(from, to).busiest).toEqual({ name: 'program-22', pid: 22, processors: 0.7 });
  expect(disturbanceBetween(from, moment({ atMs: 1000, others: from.others })).busiest).toBeUndefined();
});

it('waiting is that of the process that waited most', () => {
  const from = moment({ queues: queues([7, 50], [8, 10]) });
  const to = moment({ atMs: 2000, queues: queues([7, 150], [8, 410], [9, 20]) });
  expect(disturbanceBetween(from, to).waited).toBeCloseTo(0.2, 12);
  expect(disturbanceBetween(moment(), moment({ atMs: 1000 })).waited).toBe(0);
});

it('stolen time is a share of what was wanted, pauses of what passed', () => {
  const from = moment({ pausedMs: 10 });
  const to = moment({ atMs: 1000, busy: 300, stolen: 100, pausedMs: 60 });
  expect(disturbanceBetween(from, to)).toMatchObject({ seconds: 1, busy: 0.15, stolen: 0.25, paused: 0.05 });
});
