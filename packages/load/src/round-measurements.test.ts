import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
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

const interval = (second: number, completed: number) => ({
  start: nanos(second * 1e9),
  end: nanos((second + 1) * 1e9),
  ...{ sent: completed, completed, failed: 0, inFlight: 0, eventLoopUtilisation: 0 },
  responseTime: sparseHistogram(completed > 0 ? [[7, completed]] : []),
  scheduleLag: sparseHistogram([]),
});

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

  it('show the course of a run that is long enough to have one', () => {
    const series = [interval(0, 5), interval(1, 0), interval(2, 8)];
    const courses = (all: LoadResult['series']) =>
      roundMeasurements(resultWith({ series: all }), plan).measurements.filter(({ data }) => data.kind === 'series');
    expect(courses(series)).toEqual([
      {
        metric: 'throughput',
        data: {
          kind: 'series',
          points: [
            [1e9, 5],
            [2e9, 0],
            [3e9, 8],
          ],
        },
      },
      {
        metric: 'response-time',
        data: {
          kind: 'series',
          points: [
            [1e9, 7],
            [3e9, 7],
          ],
        },
      },
    ]);
    const sliver = { ...interval(3, 1), end: nanos(3e9) };
    expect(courses([...series, sliver])).toEqual(courses(series));
    expect(courses(series.slice(0, 2))).toEqual([]);
  });
});
