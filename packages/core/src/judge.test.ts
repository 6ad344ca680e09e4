import { describe, expect, it } from 'vitest';
import type { Estimate } from './estimate.ts';
import { judgeBenchmark, judgeEstimate, judgeObjective } from './judge.ts';
import type { Measurement } from './measurement.ts';
import { metrics } from './metric.ts';
import { parseObjective } from './objective.ts';
import type { Failure, Judgement } from './run.ts';
import { sampleHistogram, sampleMeasurement, samplePlan } from './testing.ts';
import { pass, type Verdict } from './verdict.ts';
import type { Warning } from './warning.ts';

const scope = { metrics: [metrics.responseTime, metrics.errors, metrics.throughput], primary: 'response-time' };
const held = (
  source: string,
  [lo, value, hi]: [number, number, number],
  tolerance?: [number, number],
  rounds?: number,
) => {
  const estimate: Estimate = { value, lo, hi, confidence: 0.95, method: 'm', warnings: [] };
  const allowed = tolerance ? { warn: tolerance[0], fail: tolerance[1] } : undefined;
  return judgeEstimate(estimate, parseObjective(source, scope), allowed, rounds);
};
const ms = (lo: number, value: number, hi: number): [number, number, number] => [lo * 1e6, value * 1e6, hi * 1e6];

describe('judgeEstimate', () => {
  it.each<[string, string, [number, number, number], Verdict['kind']]>([
    ['wholly below: kept', 'p99 < 10ms', ms(7, 8, 9), 'pass'],
    ['wholly above: broken', 'p99 < 10ms', ms(11, 12, 13), 'fail'],
    ['across: nobody knows', 'p99 < 10ms', ms(9, 9.5, 11), 'inconclusive'],
    ['across, although the value itself misses', 'p99 < 10ms', ms(9, 10.5, 11), 'inconclusive'],
    ['up to the limit is not below it', 'p99 < 10ms', ms(8, 9, 10), 'inconclusive'],
    ['but at most it', 'p99 <= 10ms', ms(8, 9, 10), 'pass'],
    ['from the limit upwards is not below it', 'p99 < 10ms', ms(10, 11, 12), 'fail'],
    ['at most the limit may begin there', 'p99 <= 10ms', ms(10, 11, 12), 'inconclusive'],
    ['no upper bound', 'p99 < 10ms', ms(5, 6, Infinity), 'inconclusive'],
    ['no upper bound, and broken all the same', 'p99 < 10ms', ms(11, 12, Infinity), 'fail'],
    ['no lower bound does not matter to an upper limit', 'p99 < 10ms', ms(-Infinity, 6, 7), 'pass'],
    ['no bounds', 'p99 < 10ms', ms(-Infinity, 6, Infinity), 'inconclusive'],
    ['enough', 'throughput >= 100/s', [100, 110, 120], 'pass'],
    ['not enough', 'throughput >= 100/s', [70, 80, 99], 'fail'],
    ['perhaps enough', 'throughput > 100/s', [100, 110, 120], 'inconclusive'],
    ['an exact number on the good side', 'throughput > 100/s', [101, 101, 101], 'pass'],
    ['an exact number on the limit', 'throughput > 100/s', [100, 100, 100], 'fail'],
    ['an equality is judged on what was observed', 'errors = 0', [0, 0, 0.01], 'pass'],
    ['one failure is not none', 'errors = 0', [0, 0.001, 0.01], 'fail'],
    ['no number', 'p99 < 10ms', [NaN, NaN, NaN], 'inconclusive'],
    ['a bound that is no number', 'p99 < 10ms', [1, 2, NaN], 'inconclusive'],
  ])('%s: %s', (_, source, interval, kind) => {
    expect(held(source, interval).kind).toBe(kind);
  });

  it.each<[string, string, [number, number, number], [number, number], Verdict['kind']]>([
    ['within the first tolerance', 'p99 < 10ms', ms(10, 10.2, 10.4), [0.05, 0.1], 'pass'],
    ['within the second', 'p99 < 10ms', ms(10.5, 10.6, 10.8), [0.05, 0.1], 'warn'],
    ['beyond both', 'p99 < 10ms', ms(11, 12, 13), [0.05, 0.1], 'fail'],
    ['across the first: within the second all the same', 'p99 < 10ms', ms(10, 10.4, 10.9), [0.05, 0.1], 'warn'],
    ['across the second', 'p99 < 10ms', ms(10.8, 10.9, 11.5), [0.05, 0.1], 'inconclusive'],
    ['downwards for what should be large', 'throughput >= 100/s', [96, 97, 98], [0.05, 0.1], 'pass'],
    ['downwards, further', 'throughput >= 100/s', [92, 93, 94], [0.05, 0.1], 'warn'],
    ['downwards, too far', 'throughput >= 100/s', [80, 85, 89], [0.05, 0.1], 'fail'],
    ['not for an equality', 'errors = 0', [0.001, 0.001, 0.001], [0.5, 1], 'fail'],
    ['not for a limit of nothing', 'errors < 0%', [0.001, 0.001, 0.001], [0.5, 1], 'fail'],
  ])('%s: %s', (_, source, interval, tolerance, kind) => {
    expect(held(source, interval, tolerance).kind).toBe(kind);
  });

  it('forgives a negative limit upwards too', () => {
    const plan = { metrics: [metrics.growth] };
    const estimate: Estimate = { value: -9.8, lo: -9.8, hi: -9.8, confidence: 1, method: 'm', warnings: [] };
    const growth = parseObjective('growth <= -10B/op', plan);
    expect(judgeEstimate(estimate, growth, { warn: 0.05, fail: 0.1 }).kind).toBe('pass');
    expect(judgeEstimate(estimate, growth).kind).toBe('fail');
  });

  it('says the value, its interval and the limit', () => {
    expect(held('p99 < 10ms', ms(11, 12, Infinity)).reasons).toEqual([
      { code: 'objective-missed', message: '12 ms [11 ms, ∞] against p99 < 10ms' },
    ]);
    expect(held('p99 < 10ms', ms(10.5, 10.6, 10.8), [0.05, 0.1]).reasons[0]?.code).toBe('within-tolerance');
    expect(held('p99 < 10ms', [NaN, NaN, NaN]).reasons[0]?.code).toBe('not-a-number');
  });

  it.each<[string, [number, number, number], string | undefined]>([
    // Half the width is wanted, so four times the rounds.
    ['the upper side must halve: 15 more than 5', ms(8.5, 9, 11), 'about 15 more rounds'],
    ['the lower side must halve', ms(9, 11, 12), 'about 15 more rounds'],
    ['the other side does not matter', ms(1, 9, 11), 'about 15 more rounds'],
    ['the end lies exactly on the limit', ms(9, 9.5, 10), 'about 1 more round'],
    [
      'on the limit nothing helps',
      ms(9, 10, 11),
      'a limit further from what was measured; more rounds would hardly decide',
    ],
    ['nor nearly on it', ms(9, 9.999, 11), 'a limit further from what was measured; more rounds would hardly decide'],
    ['an endless interval says nothing about rounds', ms(8, 9, Infinity), undefined],
  ])('says what would decide: %s', (_, interval, needs) => {
    expect(held('p99 < 10ms', interval, undefined, 5).needs).toBe(needs);
  });

  it('speaks of the limit with its tolerance', () => {
    expect(held('p99 < 10ms', ms(9, 10, 12), [0, 0.1], 5).needs).toBe('about 15 more rounds');
  });
});

describe('judgeObjective', () => {
  const plan = samplePlan();
  const rounds = (medianNs: number, size = 1000): Measurement[] =>
    [0, 1, 2].map((round) => sampleMeasurement({ round, data: sampleHistogram(medianNs, size, round + 1) }));

  it.each<[string, string, Measurement[], Verdict['kind'], string | undefined]>([
    ['kept', 'p99 < 10ms', rounds(1e6), 'pass', undefined],
    ['broken', 'p99 < 1ms', rounds(1e6), 'fail', 'objective-missed'],
    ['p99 from 99 samples', 'p99 < 10ms', rounds(1e6, 33), 'inconclusive', 'too-few-samples'],
    ['p99 from 99 samples, broken all the same', 'p99 < 100us', rounds(1e6, 33), 'fail', 'objective-missed'],
    ['p95 from 60 samples', 'p95 < 10ms', rounds(1e6, 20), 'pass', undefined],
    ['the largest value, observed', 'max < 1s', rounds(1e6, 5), 'pass', undefined],
    ['nothing was measured', 'p99 < 10ms', [], 'inconclusive', 'no-samples'],
    ['nothing of this metric', 'errors = 0', rounds(1e6), 'inconclusive', 'no-samples'],
    [
      'nothing of this benchmark',
      'p99 < 10ms',
      rounds(1e6).map((m) => ({ ...m, benchmark: 'other' })),
      'inconclusive',
      'no-samples',
    ],
    ['empty rounds', 'p99 < 10ms', rounds(1e6, 0), 'inconclusive', 'no-samples'],
  ])('%s: %s', (_, objective, measurements, kind, code) => {
    const { verdict } = judgeObjective(plan, objective, measurements);
    expect([verdict.kind, verdict.reasons[0]?.code]).toEqual([kind, code]);
  });

  it.each([
    ['p99', 298, '1 more sample'],
    ['p99', 200, '99 more samples'],
    ['p95', 50, '9 more samples'],
  ])('%s from %d samples needs %s', (statistic, size, needs) => {
    const measurements = [sampleMeasurement({ data: sampleHistogram(1e6, size) })];
    expect(judgeObjective(plan, `${statistic} < 10ms`, measurements).verdict.needs).toBe(needs);
  });

  it('carries everything that a report shows', () => {
    const judgement = judgeObjective(plan, 'p99 < 10ms', rounds(1e6));
    expect(judgement).toMatchObject({
      benchmark: plan.id,
      objective: 'p99 < 10ms',
      metric: 'response-time',
      unit: 'ns',
      comparator: '<',
      limit: 10e6,
    });
    expect(judgement.estimate?.value).toBeGreaterThan(1e6);
    expect(judgeObjective(plan, 'p99 < 10ms', [])).not.toHaveProperty('estimate');
  });

  it('is the same whatever the order of the rounds', () => {
    const measurements = rounds(1e6);
    expect(judgeObjective(plan, 'p95 < 2ms', measurements.toReversed())).toEqual(
      judgeObjective(plan, 'p95 < 2ms', measurements),
    );
  });
});

describe('judgeBenchmark', () => {
  const plan = samplePlan();
  const judged = (verdict: Verdict, benchmark = plan.id): Judgement => ({
    benchmark,
    objective: 'p99 < 10ms',
    metric: 'response-time',
    unit: 'ns',
    comparator: '<',
    limit: 10e6,
    verdict,
  });
  const missed: Verdict = { kind: 'fail', reasons: [{ code: 'objective-missed', message: 'too slow' }] };
  const open: Verdict = { kind: 'inconclusive', reasons: [], needs: '3 more rounds' };
  const warned: Verdict = { kind: 'warn', reasons: [{ code: 'within-tolerance', message: 'nearly' }] };
  const threw: Failure = { benchmark: plan.id, round: 1, error: { code: 'threw', message: 'no', exitCode: 4 } };

  it.each<[string, Judgement[], Failure[], Verdict['kind']]>([
    ['without objectives there is nothing to miss', [], [], 'pass'],
    ['all kept', [judged(pass), judged(pass)], [], 'pass'],
    ['the worst decides', [judged(pass), judged(missed), judged(open)], [], 'fail'],
    ['a failed round outweighs all', [judged(missed)], [threw], 'could-not-measure'],
    ['others do not matter', [judged(missed, 'other')], [{ ...threw, benchmark: 'other' }], 'pass'],
  ])('%s', (_, judgements, failures, kind) => {
    expect(judgeBenchmark(plan, judgements, failures).kind).toBe(kind);
  });

  it.each<[string, Judgement[], Failure[], Verdict['kind'], string | undefined]>([
    ['fails: passes', [judged(missed)], [], 'pass', 'failed-as-expected'],
    ['passes: fails', [judged(pass)], [], 'fail', 'expected-to-fail'],
    ['only warns: fails', [judged(warned)], [], 'fail', 'expected-to-fail'],
    ['has no objectives to miss: fails', [], [], 'fail', 'expected-to-fail'],
    ['stays open: stays open', [judged(open)], [], 'inconclusive', undefined],
    ['could not be measured: proves nothing', [judged(missed)], [threw], 'could-not-measure', 'threw'],
  ])('what must fail and %s', (_, judgements, failures, kind, code) => {
    const verdict = judgeBenchmark({ ...plan, expected: 'fail' }, judgements, failures);
    expect([verdict.kind, verdict.reasons[0]?.code]).toEqual([kind, code]);
  });
});

describe('what forbids conclusions', () => {
  const plan = samplePlan({ metrics: [metrics.throughput, metrics.heap], primary: 'throughput', quantiles: false });
  const rounds = (value: number, warning: Partial<Warning>[], metric = 'throughput'): Measurement[] =>
    [0, 1, 2, 3, 4].map((round) =>
      sampleMeasurement({
        benchmark: plan.id,
        metric,
        round,
        data: { kind: 'exact', value },
        warnings: warning.map((part) => ({ code: 'late', message: `late by ${round + 1} ms`, ...part })),
      }),
    );
  const judged = (source: string, measurements: readonly Measurement[], doubts: readonly Warning[] = []) =>
    judgeObjective(plan, source, measurements, undefined, doubts).verdict;
  const busy: Warning = { code: 'unfit', message: 'the machine is busy', forbids: 'fail' };

  it('a remark alone forbids nothing', () => {
    expect(judged('throughput > 10/s', rounds(5, [{}])).kind).toBe('fail');
  });

  it('what forbids a verdict turns every verdict into the reason, once for all rounds', () => {
    for (const value of [5, 20]) {
      const verdict = judged('throughput > 10/s', rounds(value, [{ forbids: 'verdict' }]));
      expect(verdict.kind).toBe('inconclusive');
      expect(verdict.reasons).toEqual([{ code: 'not-valid', message: 'late by 1 ms (and so in all 5 rounds)' }]);
    }
  });

  it.each([
    [[4], 'late by 5 ms (in round 5 of 5)'],
    [[1, 4], 'late by 2 ms (in rounds 2 and 5 of 5)'],
    [[0, 1, 3], 'late by 1 ms (in rounds 1, 2 and 4 of 5)'],
  ])('rounds are named: %j', (late, message) => {
    const bans = rounds(5, [{ forbids: 'verdict' }]).map((one) =>
      late.includes(one.round) ? one : { ...one, warnings: [] },
    );
    expect(judged('throughput > 10/s', bans).reasons).toEqual([{ code: 'not-valid', message }]);
  });

  it('what forbids to fail lets a kept promise pass', () => {
    expect(judged('throughput > 10/s', rounds(20, [{ forbids: 'fail' }])).kind).toBe('pass');
    expect(judged('throughput > 10/s', rounds(5, [{ forbids: 'fail' }])).kind).toBe('inconclusive');
  });

  it('doubts about the machine touch times and rates, not bytes', () => {
    expect(judged('throughput > 10/s', rounds(5, []), [busy])).toMatchObject({
      kind: 'inconclusive',
      reasons: [{ message: 'the machine is busy' }],
    });
    expect(judged('throughput > 10/s', rounds(20, []), [busy])).toBe(pass);
    expect(judged('heap < 1KB', rounds(5000, [], 'heap'), [busy]).kind).toBe('fail');
  });
});
