import { metrics, type MeasurementData, type Run } from '@perfkeel/core';
import { samplePlan, sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { benchPlan, benchRun, exactly, roundsOf, sampleOf } from '../../test/runs-of-rounds.ts';
import { compareRuns } from './compare-runs.ts';

const times = [101, 99, 103, 100, 98, 102, 104, 97];
const scaled = (factor: number): number[] => times.map((time) => time * factor);
const before = benchRun('BASE', times);
const separate = {
  code: 'separate-sessions',
  message:
    "measured at different times: what differed between the two sessions is in these intervals only by luck; small changes may be the machine's",
};
/** Of what is told beyond that, which every report says. */
const codes = (report: { warnings: readonly { code: string }[] }): string[] =>
  report.warnings.map(({ code }) => code).filter((code) => code !== separate.code);

describe('two runs', () => {
  it('are compared by one number a round, with an interval', () => {
    const report = compareRuns(before, benchRun('HEAD', scaled(1.2)));
    expect(report.base).toMatchObject({ id: 'BASE', label: 'main 0123456' });
    expect(report.warnings).toEqual([separate]);
    const [comparison] = report.comparisons;
    expect(comparison).toMatchObject({
      benchmark: 'parse',
      metric: 'time',
      unit: 'ns',
      statistic: 'p10',
      base: times,
      decision: 'regressed',
      verdict: { kind: 'fail' },
    });
    expect(comparison!.effect!.value).toBeCloseTo(0.2, 2);
    expect(comparison!.effect!.lo).toBeGreaterThan(0.15);
    expect(comparison!.effect!.hi).toBeLessThan(0.25);
    expect(report.verdict.kind).toBe('fail');
    expect(report.verdict.reasons[0]!.message).toMatch(/^parse: p10 of time, 101 ns to 121 ns: \+20\.0 % \[/);
  });

  it.each([
    [1.07, 'regressed', 'warn'],
    [0.8, 'improved', 'pass'],
    [1, 'unchanged', 'pass'],
    [1.005, 'unchanged', 'pass'],
  ])('of which the second takes %d of the time: %s', (factor, decision, kind) => {
    const report = compareRuns(before, benchRun('HEAD', scaled(factor)));
    expect(report.comparisons.map((comparison) => comparison.decision)).toEqual([decision]);
    expect(report.verdict.kind).toBe(kind);
  });

  it('are labelled by what is known of them', () => {
    const label = (provenance: Partial<Run['provenance']>): string =>
      compareRuns(before, benchRun('HEAD', times, { provenance })).head.label;
    expect(label({ branch: 'topic', dirty: true })).toBe('topic 0123456*');
    expect(label({ branch: undefined })).toBe('0123456');
    expect(label({ branch: '0123456789', sha: '0123456789abcdef' })).toBe('0123456');
    expect(label({ branch: undefined, sha: undefined, dirty: undefined })).toBe('HEAD');
  });

  it('of other data decide nothing', () => {
    const on = (run: Run, input: string): Run => ({
      ...run,
      measurements: run.measurements.map((one) => ({ ...one, input })),
    });
    const head = benchRun('HEAD', scaled(1.2));
    expect(compareRuns(on(before, 'words a1'), on(head, 'words a1')).verdict.kind).toBe('fail');
    const { verdict } = compareRuns(on(before, 'words a1'), on(head, 'words b2'));
    expect(verdict.kind).toBe('inconclusive');
    expect(verdict.reasons[0]!.message).toContain('the sides worked on other data: words a1 and words b2');
    expect(compareRuns(before, on(head, 'words b2')).verdict.kind).toBe('inconclusive');
  });

  it('regress nothing that was disturbed or not valid', () => {
    const warned = (run: Run, forbids: 'fail' | 'verdict'): Run => ({
      ...run,
      measurements: run.measurements.map((one, i) =>
        i > 0 ? one : { ...one, warnings: [{ code: 'busy', message: 'a hog ran beside it', forbids }] },
      ),
    });
    const kind = (factor: number, forbids: 'fail' | 'verdict'): string =>
      compareRuns(before, warned(benchRun('HEAD', scaled(factor)), forbids)).comparisons[0]!.decision;
    expect([1.2, 1, 0.8].map((factor) => kind(factor, 'fail'))).toEqual(['inconclusive', 'unchanged', 'improved']);
    expect([1.2, 1, 0.8].map((factor) => kind(factor, 'verdict'))).toEqual(Array(3).fill('inconclusive'));
    const unfit = { code: 'unfit', message: 'the machine is unfit', forbids: 'fail' as const };
    const head = benchRun('HEAD', scaled(1.2));
    const { verdict } = compareRuns(before, { ...head, environment: { ...head.environment, warnings: [unfit] } });
    expect(verdict.kind).toBe('inconclusive');
    expect(verdict.reasons[0]!.message).toContain('the machine is unfit');
  });

  it('must be two', () => {
    expect(() => compareRuns(before, before)).toThrow(expect.objectContaining({ code: 'same-run', exitCode: 2 }));
  });

  it('with few rounds are inconclusive and say what they need', () => {
    const report = compareRuns(benchRun('BASE', [100, 101]), benchRun('HEAD', [200, 201, 202]));
    expect(report.comparisons[0]!.effect).toMatchObject({ hi: Infinity });
    expect(report.verdict).toMatchObject({ kind: 'inconclusive', needs: '4 rounds a side: run both with --rounds 4' });
  });

  it('keep the policy that is asked for', () => {
    const report = compareRuns(before, benchRun('HEAD', scaled(1.2)), { warn: 0.3, fail: 0.5 });
    expect(report.comparisons[0]!.decision).toBe('unchanged');
  });
});

describe('what may not be held against each other', () => {
  const slower = scaled(2);

  it('is what another machine measured, in either direction and when it seems the same', () => {
    const elsewhere = { environment: { class: 'other', node: '22.1.0' } };
    for (const head of [slower, times, scaled(0.5)]) {
      const report = compareRuns(before, benchRun('HEAD', head, elsewhere));
      expect(report.comparisons[0]!.decision).toBe('inconclusive');
      expect(report.verdict).toMatchObject({ kind: 'inconclusive', needs: 'both runs measured on one machine' });
      expect(report.warnings).toEqual([
        {
          code: 'other-environment',
          message: 'the runs were measured in different environments: Node 20.20.0 and Node 22.1.0',
        },
        separate,
      ]);
    }
  });

  it('is not what no machine changes: exact counts', () => {
    const queries = { id: 'queries', unit: 'count', better: 'lower' } as const;
    const plan = samplePlan({
      id: 'list orders',
      kind: 'queries',
      metrics: [queries],
      primary: 'queries',
      quantiles: false,
      objectives: [],
    });
    const run = (id: string, size: number, environment = {}): Run =>
      sampleRun({
        id,
        plans: [plan],
        environment,
        measurements: roundsOf('list orders', 'queries', Array<MeasurementData>(4).fill(exactly(size))),
      });
    const report = compareRuns(run('BASE', 1000), run('HEAD', 1200, { class: 'other' }));
    expect(codes(report)).toEqual(['other-environment']);
    expect(report.comparisons[0]).toMatchObject({ decision: 'regressed', statistic: 'value' });
    expect(report.comparisons[0]!.effect).toMatchObject({ lo: expect.closeTo(0.2, 9) as number });
  });

  it('is what a heap takes elsewhere, however exact', () => {
    const plan = benchPlan({ metrics: [metrics.heap], primary: 'heap', quantiles: false });
    const run = (id: string, size: number, environment = {}): Run =>
      sampleRun({
        id,
        plans: [plan],
        environment,
        measurements: roundsOf('parse', 'heap', Array<MeasurementData>(4).fill(exactly(size))),
      });
    const report = compareRuns(run('BASE', 1000), run('HEAD', 1200, { class: 'other' }));
    expect(report.comparisons[0]!.decision).toBe('inconclusive');
  });

  it('is a rehearsal', () => {
    const short = benchRun('HEAD', slower, { plans: [benchPlan()] });
    const report = compareRuns(before, { ...short, plan: { ...short.plan, short: true } });
    expect(codes(report)).toEqual(['short-run']);
    expect(report.verdict).toMatchObject({ kind: 'inconclusive', needs: 'full runs of both sides' });
  });

  it('is what one side did not measure', () => {
    const report = compareRuns(before, benchRun('HEAD', []));
    expect(report.comparisons[0]).toMatchObject({ decision: 'inconclusive', base: times, head: [] });
    expect(report.comparisons[0]!.effect).toBeUndefined();
    expect(report.verdict.reasons).toEqual([{ code: 'no-values', message: 'parse: head measured no time' }]);
  });

  it('is a different kind of benchmark, or a metric of another unit', () => {
    const kind = compareRuns(before, benchRun('HEAD', times, { plans: [benchPlan({ kind: 'latency' })] }));
    expect([codes(kind), kind.comparisons, kind.verdict.kind]).toEqual([['incomparable'], [], 'inconclusive']);
    const metric = { ...metrics.timePerOperation, unit: 'count' } as const;
    const unit = compareRuns(before, benchRun('HEAD', times, { plans: [benchPlan({ metrics: [metric] })] }));
    expect([codes(unit), unit.comparisons, unit.verdict.kind]).toEqual([['incomparable'], [], 'inconclusive']);
  });

  it('is a share on one side and a value on the other', () => {
    const plan = benchPlan({ metrics: [metrics.errors], primary: 'errors', quantiles: false });
    const run = (id: string, data: MeasurementData): Run =>
      sampleRun({ id, plans: [plan], measurements: roundsOf('parse', 'errors', Array<MeasurementData>(4).fill(data)) });
    const report = compareRuns(run('BASE', exactly(0)), run('HEAD', { kind: 'count', events: 1, trials: 2 }));
    expect(report.verdict).toMatchObject({ kind: 'inconclusive', reasons: [{ code: 'incomparable' }] });
  });
});

describe('what is told beside the numbers', () => {
  it('is which benchmarks came, went or were rewritten', () => {
    const base = benchRun('BASE', times, { plans: [benchPlan(), benchPlan({ id: 'gone' })] });
    const head = benchRun('HEAD', times, {
      plans: [benchPlan({ id: 'new' }), benchPlan({ sourceHash: 'b'.repeat(64) })],
    });
    const report = compareRuns(base, head);
    expect(report.warnings).toEqual([
      { code: 'added', message: 'new is only in head: there is nothing to compare it with' },
      { code: 'removed', message: 'gone is only in base: head did not plan it' },
      { code: 'source-changed', message: expect.stringContaining('the code of parse') as string },
      separate,
    ]);
    expect(report.comparisons.map(({ benchmark }) => benchmark)).toEqual(['parse']);
    expect(report.verdict.kind).toBe('pass');
  });

  it('is whether a benchmark that head lacks is gone, was not measured, or is unknown', () => {
    const base = benchRun('BASE', times, { plans: [benchPlan(), benchPlan({ id: 'gone' })] });
    const head = benchRun('HEAD', times);
    const told = (benchmarks: string[], unread: string[] = []): (string | undefined)[] => {
      const plan = { ...head.plan, inventory: { benchmarks: ['parse', ...benchmarks], unread } };
      return compareRuns(base, { ...head, plan })
        .warnings.slice(0, 1)
        .flatMap(({ code, message }) => [code, message]);
    };
    expect(told([])).toEqual(['removed', 'gone is only in base: it was removed']);
    expect(told(['gone'])).toEqual(['not-run', 'gone is only in base: it still exists, and was not measured in head']);
    expect(told([], ['x.perf.ts'])).toEqual(['removed', 'gone is only in base: head did not plan it']);
  });

  it.each([
    [
      'its own source',
      { benchmarkHash: 'a' },
      { benchmarkHash: 'b' },
      'changed, and not only the code that it measures',
    ],
    ['the version that its author gives it', { version: '1' }, { version: '2' }, 'version 1 became 2'],
    ['a first version', { benchmarkHash: 'a' }, { benchmarkHash: 'a', version: '2' }, 'version unnamed became 2'],
  ])('is that the benchmark itself changed, by %s: no verdict about the code', (_, from, to, message) => {
    const base = benchRun('BASE', times, { plans: [benchPlan(from)] });
    const head = benchRun('HEAD', scaled(1.5), { plans: [benchPlan({ ...to, sourceHash: 'b'.repeat(64) })] });
    const report = compareRuns(base, head);
    expect(report.verdict).toMatchObject({ kind: 'inconclusive', reasons: [{ code: 'benchmark-changed' }] });
    expect(report.verdict.reasons[0]!.message).toContain(message);
  });

  it('is nothing of the sort when only the code that it measures changed', () => {
    const plans = (sourceHash: string) => [benchPlan({ benchmarkHash: 'a', sourceHash })];
    const report = compareRuns(
      benchRun('BASE', times, { plans: plans('b') }),
      benchRun('HEAD', scaled(1.5), { plans: plans('c') }),
    );
    expect([codes(report), report.verdict.kind]).toEqual([[], 'fail']);
  });

  it('is that a run was interrupted', () => {
    const report = compareRuns(benchRun('BASE', times, { interrupted: true }), benchRun('HEAD', times));
    expect(report.warnings).toEqual([
      { code: 'interrupted-run', message: 'base (BASE) was interrupted and has fewer rounds' },
      separate,
    ]);
  });

  it('is that the runs have nothing in common, which is no pass', () => {
    const report = compareRuns(before, benchRun('HEAD', times, { plans: [benchPlan({ id: 'other' })] }));
    expect(codes(report)).toEqual(['added', 'removed']);
    expect(report.verdict).toMatchObject({
      kind: 'inconclusive',
      reasons: [{ code: 'nothing-in-common' }],
      needs: 'a base run of the same benchmarks',
    });
  });
});

describe('a load that got faster by failing', () => {
  const plan = samplePlan({
    kind: 'load',
    metrics: [metrics.responseTime, metrics.errors],
    objectives: ['p50 < 1s'],
  });
  const run = (id: string, time: number, failing: readonly number[]): Run =>
    sampleRun({
      id,
      plans: [plan],
      measurements: failing.flatMap((events, round) =>
        [
          ...roundsOf(plan.id, 'response-time', [sampleOf(time + round)]),
          ...roundsOf(plan.id, 'errors', [{ kind: 'count', events, trials: 200 }]),
        ].map((measurement) => ({ ...measurement, round })),
      ),
    });
  const none = [0, 0, 0, 0];
  const decisions = (head: Run, rounds = none) =>
    compareRuns(run('BASE', 1e6, rounds), head).comparisons.map(({ metric, decision }) => [metric, decision]);

  it('fails, and its times say nothing', () => {
    const report = compareRuns(run('BASE', 1e6, none), run('HEAD', 4e5, [200, 200, 200, 200]));
    const [time, errors] = report.comparisons;
    expect(time).toMatchObject({ decision: 'inconclusive', verdict: { needs: 'runs in which as much succeeds' } });
    expect(time!.effect).toBe(undefined);
    expect(time!.verdict.reasons).toEqual([
      {
        code: 'failing-work',
        message: 'p50 of response-time is not comparable: 100 % of the requests fail (0 % in base)',
      },
    ]);
    expect(errors).toMatchObject({ decision: 'regressed', effect: { value: expect.closeTo(100, 9) as number } });
    expect(errors!.verdict.reasons[0]!.message).toMatch(/^errors, 0 % to 100 %: \+\S+ points \[\+\S+, \+100\]$/);
    expect(report.verdict.kind).toBe('fail');
  });

  it('by a few requests only is not called faster, and slower all the same stays slower', () => {
    const few = [4, 5, 6, 5];
    expect(decisions(run('HEAD', 4e5, few))).toEqual([
      ['response-time', 'inconclusive'],
      ['errors', 'regressed'],
    ]);
    expect(decisions(run('HEAD', 2e6, few))).toEqual([
      ['response-time', 'regressed'],
      ['errors', 'regressed'],
    ]);
    expect(decisions(run('HEAD', 1e6, none))).toEqual([
      ['response-time', 'unchanged'],
      ['errors', 'unchanged'],
    ]);
  });

  it('is found with three rounds a side when nothing else is compared, and else says how many would do', () => {
    const three = compareRuns(run('BASE', 1e6, [0, 0, 0]), run('HEAD', 4e5, [200, 200, 200]));
    expect(three.comparisons.map(({ verdict }) => verdict.needs)).toEqual(
      Array(2).fill('5 rounds a side: run both with --rounds 5'),
    );
  });
});

it('other tools are named as what differs, and their files are not told our flags', () => {
  const imported = (id: string, tool: string, times: readonly number[]): Run => {
    const kind = tool.split(' ')[0]!;
    const environment = { class: `imported-${kind}`, cpu: 'unknown', cores: 0, memory: 0 };
    const run = benchRun(id, times, { environment });
    return { ...run, provenance: { ...run.provenance, tool } };
  };
  const { warnings } = compareRuns(imported('A', 'k6 1.0', times), imported('B', 'hyperfine 1.19', times));
  expect(warnings[0]!.message).toBe(
    'the runs were measured in different environments: measured by k6 and by hyperfine',
  );
  const few = compareRuns(imported('A', 'k6 1.0', [1]), imported('B', 'k6 1.0', [2]));
  expect(few.verdict.needs).toBe('4 rounds a side');
});
