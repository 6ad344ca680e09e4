import { metrics, type BenchmarkPlan, type Judgement, type Measurement, type Warning } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { judgeStopped } from './stopped-early.ts';

const plan = { id: 'orders' } as BenchmarkPlan;
const stop: Warning = {
  code: 'stopped-early',
  message: 'the load was ended: "p99 < 1s" could no longer be kept: 3 slow',
};
const busy: Warning = { code: 'busy', message: 'the machine was busy', forbids: 'fail' };

const measured = (...warnings: Warning[]): Measurement[] => [
  {
    ...{ benchmark: 'orders', metric: metrics.responseTime.id, round: 0, dropped: 5, warnings },
    data: { kind: 'sample', values: [2e9] },
  },
];
const judgement = (kind: 'pass' | 'inconclusive', objective = 'p99 < 1s'): Judgement => ({
  ...{ benchmark: 'orders', objective, metric: metrics.responseTime.id, unit: 'ns', comparator: '<', limit: 1e9 },
  verdict: { kind, reasons: [] },
});

it.each([
  ['one round alone would not have decided', 'inconclusive'],
  ['good rounds before it would have outweighed it', 'pass'],
] as const)('the objective that ended a round is missed, where %s', (_, kind) => {
  expect(judgeStopped(plan, judgement(kind), measured(stop), []).verdict).toEqual({
    kind: 'fail',
    reasons: [{ code: 'objective-missed', message: stop.message }],
  });
});

it('is undecided where the machine may be to blame', () => {
  for (const found of [
    judgeStopped(plan, judgement('pass'), measured(stop, busy), []),
    judgeStopped(plan, judgement('pass'), measured(stop), [busy]),
  ]) {
    expect(found.verdict).toMatchObject({ kind: 'inconclusive', reasons: [{ message: busy.message }] });
  }
});

it('leaves every other objective as it was judged', () => {
  const other = judgement('pass', 'p50 < 1s');
  expect(judgeStopped(plan, other, measured(stop), [])).toBe(other);
  expect(judgeStopped(plan, judgement('pass'), measured(), []).verdict.kind).toBe('pass');
});
