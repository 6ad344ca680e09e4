import type { Comparator, Estimate, Judgement, VerdictKind } from '@perfkeel/core';
import { expect, test } from 'vitest';
import type { BenchmarkView, MetricView } from './benchmark-view.ts';
import { excessOf, objectiveRows } from './objective-row.ts';

const estimate = (value: number, lo = value, hi = value): Estimate => ({
  value,
  lo,
  hi,
  confidence: 0.95,
  method: '',
  warnings: [],
});

const judged = (kind: VerdictKind, comparator: Comparator, limit: number, measured?: Estimate): Judgement => ({
  benchmark: 'checkout',
  objective: `p99 ${comparator} limit`,
  metric: 'response-time',
  unit: 'ns',
  comparator,
  limit,
  estimate: measured,
  verdict: { kind, reasons: [{ code: 'why', message: 'response-time has no values' }] },
});

const viewOf = (judgements: readonly Judgement[], expected?: 'fail', reason = ''): BenchmarkView => ({
  plan: {
    id: 'checkout',
    kind: 'load',
    tags: [],
    metrics: [],
    primary: 'response-time',
    quantiles: true,
    objectives: [],
    rounds: 1,
    expected,
    sourceHash: '',
  },
  verdict: { kind: 'pass', reasons: [{ code: reason, message: '' }] },
  judgements,
  failures: [],
  metrics: [],
  dropped: 0,
});

const noteOf = (judgement: Judgement): string => objectiveRows([viewOf([judgement])])[0]!.note;

test.each([
  ['kept with room', judged('pass', '<', 200e6, estimate(150e6)), '25 % headroom'],
  ['kept from above', judged('pass', '>=', 100, estimate(250)), '150 % headroom'],
  ['kept from far above', judged('pass', '>=', 200, estimate(4112)), '20.6 times the limit'],
  ['a negative value has all the room', judged('pass', '<', 64, estimate(-3)), '100 % headroom'],
  ['nothing where there is no scale', judged('pass', '=', 0, estimate(0)), 'kept'],
  ['missed', judged('fail', '<', 150e6, estimate(160e6)), 'missed by 6.7 %'],
  ['missed from above', judged('fail', '>=', 100, estimate(80)), 'missed by 20 %'],
  ['missed by far', judged('fail', '<', 64, estimate(131_072)), '2 048 times the limit'],
  ['missed without a scale', judged('fail', '=', 0, estimate(3)), 'missed'],
  [
    'undecided',
    judged('inconclusive', '<', 120e6, estimate(118e6, 112e6, 126e6)),
    '[112 ms, 126 ms] crosses the limit',
  ],
  ['too small', judged('inconclusive', '<', 9e9, estimate(1e9, 1e9, Infinity)), 'at least 1 s: too few samples'],
  ['tolerated', judged('warn', '<', 100e6, estimate(104e6)), '4 % past the limit, within tolerance'],
  [
    'tolerated though the value is kept',
    judged('warn', '<', 100e6, estimate(99e6, 98e6, 103e6)),
    '[98 ms, 103 ms] reaches past the limit, within tolerance',
  ],
  ['unmeasured', judged('inconclusive', '<', 1), 'response-time has no values'],
])('%s', (_, judgement, note) => {
  expect(noteOf(judgement)).toBe(note);
});

test('the worst come first, otherwise the order of the plan', () => {
  const kinds: readonly VerdictKind[] = ['pass', 'warn', 'fail', 'inconclusive', 'pass'];
  const rows = objectiveRows([viewOf(kinds.map((kind, i) => judged(kind, '<', 100 + i, estimate(1))))]);
  expect(rows.map(({ kind, judgement }) => [kind, judgement.limit])).toEqual([
    ['fail', 102],
    ['inconclusive', 103],
    ['warn', 101],
    ['pass', 100],
    ['pass', 104],
  ]);
});

test('why nothing may be concluded is said once for each benchmark', () => {
  const spoilt = (message: string): Judgement => ({
    ...judged('inconclusive', '<', 100, estimate(150)),
    verdict: { kind: 'inconclusive', reasons: [{ code: 'not-valid', message }], needs: 'a calm machine' },
  });
  const first = viewOf([spoilt('starved'), spoilt('starved'), spoilt('late')]);
  const other = viewOf([spoilt('starved')]);
  const rows = objectiveRows([first, { ...other, plan: { ...other.plan, id: 'search' } }]);
  expect(rows.map(({ benchmark, note, needs }) => [benchmark, note, needs])).toEqual([
    ['checkout', 'starved', 'a calm machine'],
    ['checkout', 'undecided for the same reason', undefined],
    ['checkout', 'late', 'a calm machine'],
    ['search', 'starved', 'a calm machine'],
  ]);
});

test('a demonstration that is missed as expected is well', () => {
  const [row] = objectiveRows([viewOf([judged('fail', '<', 100, estimate(150))], 'fail', 'failed-as-expected')]);
  expect(row).toMatchObject({ kind: 'pass', asExpected: true, note: 'missed by 50 %, as expected' });
});

test('a demonstration that is kept after all is not', () => {
  const [row] = objectiveRows([viewOf([judged('pass', '<', 100, estimate(50))], 'fail', 'expected-to-fail')]);
  expect(row).toMatchObject({ kind: 'fail', asExpected: false, note: 'kept, but it says that it must be missed' });
});

test('the excess is a share of the limit', () => {
  expect(excessOf(judged('fail', '<', 100, estimate(125)))).toBe(0.25);
  expect(excessOf(judged('fail', '>', 100, estimate(75)))).toBe(0.25);
  expect(excessOf(judged('fail', '<', 0, estimate(75)))).toBeUndefined();
  expect(excessOf(judged('fail', '<', 100, estimate(NaN)))).toBeUndefined();
});

test('samples of load are requests, and come of a longer run', () => {
  const undecided = judged('inconclusive', '<', 120e6, estimate(118e6, 112e6, Infinity));
  const judgement: Judgement = { ...undecided, verdict: { ...undecided.verdict, needs: '239 more samples' } };
  const counted = { metric: { id: 'response-time' }, pooled: { count: 60 }, censored: [0] } as unknown as MetricView;
  const needsOf = (view: BenchmarkView): string | undefined => objectiveRows([view])[0]!.needs;
  expect(needsOf({ ...viewOf([judgement]), metrics: [counted] })).toBe('239 more requests (run it 5 times as long)');
  const { plan, ...rest } = viewOf([judgement]);
  expect(needsOf({ ...rest, plan: { ...plan, kind: 'latency' }, metrics: [counted] })).toBe('239 more samples');
});
