import { metrics, type BenchmarkPlan, type Judgement, type Measurement } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { judgeFailing, remarkFailing } from './mostly-failing.ts';

const plan = { id: 'orders' } as BenchmarkPlan;
const round = (events: number, trials: number, benchmark = 'orders'): Measurement => ({
  ...{ benchmark, metric: metrics.errors.id, round: 0, dropped: 0, warnings: [] },
  data: { kind: 'count', events, trials },
});
const about = (metric: string): Judgement => ({
  ...{ benchmark: 'orders', objective: '', metric, unit: 'ratio', comparator: '<', limit: 0.5 },
  verdict: { kind: 'pass', reasons: [] },
});
const kindOf = (...given: Parameters<typeof judgeFailing>): string => judgeFailing(...given).kind;

it('more than a tenth of the attempts, over all rounds, is no pass where nothing is said about errors', () => {
  expect(judgeFailing(plan, [about(metrics.responseTime.id)], [round(15, 50), round(0, 50)])).toEqual({
    kind: 'inconclusive',
    reasons: [
      { code: 'mostly-failing', message: '15 of 100 attempts failed (15 %), and no objective says how many may' },
    ],
    needs: 'fewer failures, or an objective for them, such as "errors < 5%"',
  });
});

it.each([
  ['a tenth', plan, [], [round(10, 100)]],
  ['nothing that counts them', plan, [], []],
  ['no attempt', plan, [], [round(0, 0)]],
  ['those of another benchmark', plan, [], [round(100, 100, 'other')]],
  ['as many as an objective allows', plan, [about(metrics.errors.id)], [round(40, 100)]],
  ['as many as an objective of a phase allows', plan, [about(`spike.${metrics.errors.id}`)], [round(40, 100)]],
  ['those of a demonstration that must fail', { ...plan, expected: 'fail' as const }, [], [round(40, 100)]],
])('%s is left to the objectives', (_, ...given) => {
  expect(kindOf(...given)).toBe('pass');
});

it('is said among the remarks, once', () => {
  const measurements = [round(0, 10, 'other'), round(5, 10), round(5, 10)];
  const verdict = judgeFailing(plan, [], measurements);
  const other = { benchmark: 'other', verdict: judgeFailing({ ...plan, id: 'other' }, [], measurements) };
  const remarks = remarkFailing(measurements, [other, { benchmark: 'orders', verdict }]);
  expect(remarks.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([[], ['mostly-failing'], []]);
});
