import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { LoadProfile } from '../profile/load-profile.ts';
import { constant, type Phase } from '../profile/phase.ts';
import { LoadRecorder } from './load-recorder.ts';
import { summariseLoad } from './summarise-load.ts';

const second = 1e9;
const phase = (name: string, rate: number, record: boolean): Phase => ({
  ...{ name, record },
  duration: nanos(second),
  level: constant(rate),
});

/** A spike of 10 and a calm second of 2 behind a warm-up of 4. */
const phases = [phase('warm-up', 4, false), phase('spike', 10, true), phase('calm', 2, true)];
const profile: LoadProfile = { model: 'open', phases, arrivals: 'uniform' };
const ok = { status: 200, bytes: 0 };

/** What was answered when, for each request of each phase: in tenths of a second of the run. */
function throughputOf(answers: readonly (readonly number[])[]): Record<string, number> {
  const recorder = new LoadRecorder(phases, 0, nanos(10 * second));
  for (const [phase, ends] of answers.entries()) {
    for (const end of ends) {
      const request = { phase, endpoint: -1, intendedAt: phase * second, sentAt: phase * second };
      recorder.sent(request);
      recorder.answered(request, (end * second) / 10, ok);
    }
  }
  const { throughput, phases: parts } = summariseLoad(profile, [], [recorder]);
  return { all: throughput, ...Object.fromEntries(parts.map((part) => [part.name, part.throughput])) };
}

const each = (count: number, end: number): number[] => Array.from({ length: count }, () => end);

describe('throughput', () => {
  it('is what was answered in each phase, when all is answered at once', () => {
    expect(throughputOf([each(4, 1), each(10, 11), each(2, 21)])).toEqual({ all: 6, spike: 10, calm: 2 });
  });

  it('of a calm phase does not rise by what a spike left over', () => {
    expect(throughputOf([each(4, 1), [...each(5, 11), ...each(5, 22)], each(2, 23)])).toEqual({
      ...{ all: 6, spike: 5, calm: 2 },
    });
  });

  it('does not rise by what the warm-up left over', () => {
    expect(throughputOf([each(4, 11), each(10, 12), each(2, 21)])).toEqual({ all: 6, spike: 10, calm: 2 });
  });

  it('is that of a target which is always one second behind, since as much comes in as goes out', () => {
    expect(throughputOf([each(4, 11), each(10, 21), each(2, 31)])).toEqual({ all: 6, spike: 4, calm: 2 });
  });

  it('leaves out what is answered behind the end', () => {
    expect(throughputOf([each(4, 1), each(10, 31), each(2, 32)])).toEqual({ all: 0, spike: 0, calm: 0 });
  });
});
