import { metrics, parseObjective } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { watchObjectives } from './beyond-rescue.ts';
import { metricsOf } from './load-metrics.ts';
import { planLoad } from './load-plan.ts';
import { newRecord, type LoadRecord } from './record/load-recorder.ts';

const requests = { path: '/' };
/** 1000 requests: 200 in the ramp, 800 in the hold; and 50 before, that are not measured. */
const open = planLoad({ requests, stages: ['warm up at 50/s for 1s', 'ramp to 350/s over 1s', 'hold 800/s for 1s'] });
const closed = planLoad({ requests, clients: 5, for: '1s', warmup: '0s' });

interface Happened {
  /** So many requests of phase 1 took two seconds, and so many failed. */
  readonly slow?: number;
  readonly failed?: number;
  readonly phase?: number;
}

function recordsAfter(plan: typeof open, { slow = 0, failed = 0, phase = 1 }: Happened): LoadRecord[] {
  // Of two threads: what counts is what both of them saw.
  const records = [0, 1].map(() => newRecord(plan.profile.phases.length, 0));
  for (let i = 0; i < slow; i++) records[i % 2]!.phases[phase]!.responseTime.record(2e9);
  for (let i = 0; i < failed; i++) records[i % 2]!.phases[phase]!.countFailure('reset');
  return records;
}

function reasonFor(objective: string, happened: Happened, plan = open): string | undefined {
  const scope = { metrics: metricsOf(plan), primary: metrics.responseTime.id };
  return watchObjectives([parseObjective(objective, scope)], plan)(recordsAfter(plan, happened));
}

describe('an objective', () => {
  it.each<[string, Happened, Happened]>([
    ['p99 < 1s', { slow: 10 }, { slow: 11 }],
    ['p99.9 <= 1s', { slow: 1 }, { slow: 2 }],
    ['max < 1s', { slow: 0 }, { slow: 1 }],
    ['errors < 1%', { failed: 9 }, { failed: 10 }],
    ['errors <= 1%', { failed: 10 }, { failed: 11 }],
    ['errors = 0', { failed: 0 }, { failed: 1 }],
    ['p90 of ramp.response-time < 1s', { slow: 20 }, { slow: 21 }],
    ['ramp.errors < 5%', { failed: 9 }, { failed: 10 }],
    ['hold.errors = 0', { failed: 100, phase: 1 }, { failed: 1, phase: 2 }],
  ])('%s is beyond rescue exactly when the rest can change nothing', (objective, not, beyond) => {
    expect(reasonFor(objective, not)).toBe(undefined);
    expect(reasonFor(objective, beyond)).toContain(`"${objective}" could no longer be kept: `);
  });

  it.each(['p99 > 1s', 'mean < 1s', 'throughput >= 5/s', 'p99 of service-time < 1s'])(
    '%s is judged at the end',
    (objective) => {
      expect(reasonFor(objective, { slow: 900, failed: 900 })).toBe(undefined);
    },
  );

  it('does not mind what is not measured', () => {
    expect(reasonFor('errors = 0', { failed: 50, phase: 0 })).toBe(undefined);
  });

  it('of clients, whose requests nobody can count in advance, is so only when nothing may fail', () => {
    expect(reasonFor('errors < 1%', { failed: 50, phase: 0 }, closed)).toBe(undefined);
    expect(reasonFor('p99 < 1s', { slow: 50, phase: 0 }, closed)).toBe(undefined);
    expect(reasonFor('errors = 0', { failed: 1, phase: 0 }, closed)).toContain('1 requests failed');
  });

  it('of Poisson arrivals leaves room for more of them than expected', () => {
    const plan = planLoad({ requests, rate: '1000/s', for: '1s', warmup: '0s', arrivals: 'poisson' });
    expect(reasonFor('errors < 1%', { failed: 11, phase: 0 }, plan)).toBe(undefined);
    expect(reasonFor('errors < 1%', { failed: 12, phase: 0 }, plan)).toBeDefined();
  });
});
