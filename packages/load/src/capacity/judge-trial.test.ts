import { createHistogram, metrics, nanos, parseObjective, perSecond, type Warning } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { LoadResult } from '../load-result.ts';
import { conditionMetrics } from './capacity-plan.ts';
import { judgeTrial } from './judge-trial.ts';

interface Told {
  /** Milliseconds. */
  readonly times?: readonly number[];
  readonly failed?: number;
  /** How many of them were answered with a wrong status. */
  readonly wrong?: number;
  readonly dropped?: number;
  readonly throughput?: number;
  readonly warnings?: readonly Warning[];
}

/** A trial of one second with a hundred requests. */
function trial({
  times = [],
  failed = 0,
  wrong = 0,
  dropped = 0,
  throughput = 100 - failed,
  warnings = [],
}: Told): LoadResult {
  const responseTime = createHistogram();
  for (let i = 0; i < 100; i++) responseTime.record((times[i] ?? 10) * 1e6);
  const told = {
    scheduled: 100,
    failed,
    failures: { status: wrong },
    dropped,
    warnings,
    responseTime,
    serviceTime: responseTime,
  };
  return { ...told, duration: nanos(1e9), throughput: perSecond(throughput) } as unknown as LoadResult;
}

const scope = { metrics: conditionMetrics, primary: metrics.responseTime.id };
const judge = (told: Told, ...conditions: string[]): ReturnType<typeof judgeTrial> =>
  judgeTrial(
    trial(told),
    conditions.map((source) => parseObjective(source, scope)),
  );

const good = { outcome: 'good', reasons: [] };

describe('a trial', () => {
  it('is good when every condition is kept as observed', () => {
    expect(judge({}, 'p99 < 200ms', 'errors < 1%', 'mean <= 10.1ms', 'p50 of service-time < 11ms')).toEqual(good);
    expect(judge({ times: [500] }, 'p99 < 200ms')).toEqual(good);
    expect(judge({ failed: 0 }, 'errors = 0')).toEqual(good);
  });

  it('is bad when one is missed, and says which and by how much', () => {
    expect(judge({ times: [300, 400, 500] }, 'p99 < 200ms', 'max < 1s')).toEqual({
      outcome: 'bad',
      reasons: ['p99 < 200ms was 400 ms'],
    });
    expect(judge({ failed: 2 }, 'errors < 1%', 'errors = 0')).toEqual({
      outcome: 'bad',
      reasons: ['errors < 1% was 2 %', 'errors = 0 was 2 %'],
    });
    expect(judge({ failed: 1, dropped: 50 }, 'errors <= 1%').reasons).toEqual(['errors <= 1% was 2 %']);
  });

  it('is bad when requests pile up, however quick the answers are', () => {
    expect(judge({ throughput: 97 })).toEqual(good);
    expect(judge({ throughput: 90 })).toEqual({
      outcome: 'bad',
      reasons: ['only 90 % of the requests ended as fast as they came'],
    });
    // What failed has ended too.
    expect(judge({ failed: 10, throughput: 90 }, 'errors < 50%')).toEqual(good);
  });

  it('says nothing when the generator is in doubt', () => {
    const doubt = {
      code: 'generator-starved',
      message: 'the generator waited for a processor',
      forbids: 'verdict',
    } as const;
    expect(judge({ times: [300, 300], warnings: [doubt] }, 'p99 < 200ms')).toEqual({
      outcome: 'invalid',
      reasons: [doubt.message],
    });
    expect(judge({ warnings: [{ ...doubt, forbids: undefined }] })).toEqual(good);
  });

  it('that is good in spite of the machine is good, and one that is bad is doubtful', () => {
    const busy = { code: 'machine-busy', message: 'the machine was busy', forbids: 'fail' } as const;
    expect(judge({ warnings: [busy] }, 'p99 < 200ms')).toEqual(good);
    expect(judge({ times: [300, 300], warnings: [busy] }, 'p99 < 200ms')).toEqual({
      outcome: 'doubtful',
      reasons: ['p99 < 200ms was 300 ms', 'the machine was busy'],
    });
    // Timeouts may be those of the machine, wrong answers are not.
    expect(judge({ failed: 9, warnings: [busy] }, 'errors < 1%').outcome).toBe('doubtful');
    expect(judge({ failed: 9, wrong: 9, warnings: [busy] }, 'errors < 1%')).toEqual({
      outcome: 'bad',
      reasons: ['errors < 1% was 9 %'],
    });
  });
});
