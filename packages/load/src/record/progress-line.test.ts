import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { LoadProfile } from '../profile/load-profile.ts';
import { parseStages } from '../profile/stages.ts';
import type { LoadInterval } from './load-series.ts';
import { progressLine } from './progress-line.ts';
import { sparseHistogram } from './sparse-histogram.ts';

const interval = (startSeconds: number, more: Partial<LoadInterval> = {}): LoadInterval => ({
  start: nanos(startSeconds * 1e9),
  end: nanos((startSeconds + 1) * 1e9),
  sent: 49,
  completed: 48,
  failed: 2,
  inFlight: 3,
  responseTime: sparseHistogram([[2000, 50]]),
  scheduleLag: sparseHistogram([[100, 49]]),
  eventLoopUtilisation: 0,
  ...more,
});

const open: LoadProfile = {
  model: 'open',
  arrivals: 'uniform',
  phases: parseStages(['ramp to 100/s over 10s', 'rest for 10s']).phases,
};

describe('a line of progress', () => {
  it('says where the run is, what was due and what happened', () => {
    expect(progressLine(open, interval(4.5))).toBe(
      'ramp 6 s of 10 s, 15 s left: 50/s due, 49/s sent, p50 2 µs, p99 2 µs, 4 % errors, lag 100 ns, 3 in flight',
    );
  });

  it('leaves out what there is not', () => {
    const nothing = { sent: 0, completed: 0, failed: 0, inFlight: 0 };
    const empty = { ...nothing, responseTime: sparseHistogram([]), scheduleLag: sparseHistogram([]) };
    expect(progressLine(open, interval(12, empty))).toBe('rest 3 s of 10 s, 7 s left: 0/s due, 0/s sent, 0 in flight');
    expect(progressLine(open, interval(25, empty))).toBe('waiting for the last answers: 0/s sent, 0 in flight');
  });

  it('of hours counts minutes', () => {
    const soak: LoadProfile = { ...open, phases: parseStages(['hold 10/s for 8h']).phases };
    expect(progressLine(soak, interval(71))).toMatch(/^hold 1m 12s of 8h 00m, 7h 58m left: 10\/s due, /);
  });

  it('of a closed model counts clients, and has no lag', () => {
    const closed: LoadProfile = {
      model: 'closed',
      think: { kind: 'uniform', from: nanos(0), to: nanos(0) },
      phases: parseStages(['hold 5 clients for 10s']).phases,
    };
    expect(progressLine(closed, interval(0))).toBe(
      'hold 1 s of 10 s, 9 s left: 5 clients, 49/s sent, p50 2 µs, p99 2 µs, 4 % errors, 3 in flight',
    );
  });
});
