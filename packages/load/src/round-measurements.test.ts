import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { metricsOf } from './load-metrics.ts';
import { planLoad } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';
import { newRecord } from './record/load-recorder.ts';
import { sparseHistogram } from './record/sparse-histogram.ts';
import { summariseLoad } from './record/summarise-load.ts';
import { roundMeasurements } from './round-measurements.ts';

const plan = planLoad({ requests: { path: '/' }, rate: '10/s', for: '1s', warmup: '0s' });

function resultWith(more: Partial<LoadResult>): LoadResult {
  const { phases } = plan.profile;
  const counted = summariseLoad(plan.profile, [], [newRecord(phases.length, 0)]);
  const health = { eventLoopUtilisation: 0, runQueueWait: 0, waitPerTurn: 0, idle: 1, pressure: 0 };
  return { ...counted, firstMessages: {}, health, interrupted: false, series: [], windows: [], warnings: [], ...more };
}

describe('the measurements of a round', () => {
  it('say remarks once, and put what forbids a conclusion beside every number', () => {
    const remark = { code: 'closed-model', message: '' };
    const ban = { code: 'generator-behind', message: '', forbids: 'verdict' } as const;
    const late = { code: 'generator-late', message: '', forbids: 'fail' } as const;
    const { measurements } = roundMeasurements(resultWith({ warnings: [remark, ban, late] }), plan);
    expect(measurements).toHaveLength(7);
    for (const { metric, warnings } of measurements) {
      const others = metric === 'errors' ? [ban] : [ban, late];
      expect(warnings).toEqual(metric === 'response-time' ? [remark, ban, late] : others);
    }
  });

  it('name the data that the work was made of, so that those of other data are never compared', () => {
    const withData = { ...plan, input: 'sha256:5' };
    expect(roundMeasurements(resultWith({}), withData).input).toBe('sha256:5');
    expect(roundMeasurements(resultWith({}), plan)).not.toHaveProperty('input');
  });

  it('of a run that is long enough hold its course, in metrics that the declaration names', () => {
    const none = sparseHistogram([]);
    const series = [0, 1, 2].map((second) => ({
      start: nanos(second * 1e9),
      end: nanos((second + 1) * 1e9),
      ...{ sent: 5, completed: 4, failed: 1, inFlight: 0, eventLoopUtilisation: 0 },
      ...{ responseTime: sparseHistogram([[7, 5]]), scheduleLag: none },
    }));
    const { measurements } = roundMeasurements(resultWith({ series }), plan);
    const drawn = measurements.filter(({ data }) => data.kind === 'series').map(({ metric }) => metric);
    expect(drawn).toEqual([
      'throughput',
      'intended-rate',
      'sent-rate',
      'failed-rate',
      'response-time',
      'response-times',
    ]);
    expect(metricsOf(plan).map(({ id }) => id)).toEqual(expect.arrayContaining(drawn));
  });
});
