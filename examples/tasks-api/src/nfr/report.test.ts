import { describe, expect, it } from 'vitest';
import { reportText } from './report-text.ts';
import { buildReport, exitCodeOf, reportName } from './report.ts';
import type { Judgement, RunFile, Verdict } from './run-file.ts';
import { nfrTargets, type NfrTarget } from './targets.ts';

const verdict = (kind: Verdict['kind'], message?: string): Verdict => ({
  kind,
  reasons: message === undefined ? [] : [{ code: 'because', message }],
});

const judged = (benchmark: string, objective: string, value: number, kind: Verdict['kind'] = 'pass'): Judgement => {
  const [, metric = 'response-time', comparator, limit = ''] =
    /^(?:p\d+ of (\S+)|p\d+|\S+) ([<>=]+) (\S+)$/.exec(objective) ?? [];
  const isTime = limit.endsWith('ms');
  return {
    ...{ benchmark, objective, comparator: comparator as '<' },
    metric: /^(errors|throughput|cache-hit-rate)/.exec(objective)?.[1] ?? metric,
    unit: isTime ? 'ns' : 'ratio',
    limit: isTime
      ? Number.parseFloat(limit) * 1e6
      : limit.endsWith('%')
        ? Number.parseFloat(limit) / 100
        : Number.parseFloat(limit),
    estimate: { value, lo: value, hi: 'Infinity' },
    verdict: verdict(kind, kind === 'pass' ? undefined : 'too slow'),
  };
};

function runOf(p99: number, kind: Verdict['kind']): RunFile {
  return {
    id: 'run',
    startedAt: '2026-05-31T10:00:00.000Z',
    durationMs: 1000,
    interrupted: false,
    environment: { cores: 2 },
    plan: {
      benchmarks: [
        { id: 'load', tags: ['NFR-Performance-04'] },
        { id: 'ids', tags: ['NFR-Performance-05'] },
        { id: 'broken', tags: ['NFR-Performance-05'], expected: 'fail' },
        { id: 'cache', tags: ['FR-20'] },
        { id: 'other', tags: [] },
      ],
    },
    judgements: [
      judged('load', 'p50 < 100ms', 4e6),
      judged('load', 'p99 < 200ms', p99, kind),
      judged('load', 'p99 of next.response-time < 200ms', 9e6),
      judged('load', 'errors = 0', 0),
      judged('load', 'throughput >= 95', 100),
      judged('ids', 'errors = 0', 0),
      judged('broken', 'errors = 0', 1, 'fail'),
      judged('cache', 'cache-hit-rate > 70%', 0.9),
    ],
    benchmarks: [
      { benchmark: 'load', verdict: verdict(kind, kind === 'pass' ? undefined : 'too slow') },
      ...['ids', 'broken', 'cache', 'other'].map((benchmark) => ({ benchmark, verdict: verdict('pass') })),
    ],
    measurements: [
      ...['of one round', 'of one round', 'of another'].map((message) => ({
        benchmark: 'load',
        warnings: [{ message: `${message}\nand more`, remedies: ['raise the pool size'] }],
      })),
      { benchmark: 'cache', warnings: [{ message: 'of the cache' }] },
    ],
  };
}

const facts = {
  timestamp: '2026-05-31T23:59:59.123Z',
  durationSeconds: 12,
  rehearsal: false,
  servers: { 'tasks-api': { version: '1.0.0' } },
};
const ours = nfrTargets.filter(({ project }) => project === 'tasks-api');
const reportOf = (p99: number, kind: Verdict['kind'] = 'pass', targets: readonly NfrTarget[] = ours) =>
  buildReport(targets, new Map([['tasks-api', runOf(p99, kind)]]), facts);

describe('buildReport', () => {
  it('passes what was kept, with every number that the requirement asks for', () => {
    const report = JSON.parse(JSON.stringify(reportOf(50e6))) as ReturnType<typeof reportOf>;
    expect(report.summary).toEqual({
      ...{ status: 'PASSED', strictlyMet: true, passed: 3, warned: 0, failed: 0, inconclusive: 0, notMeasured: 0 },
    });
    expect(report.latencyMs).toEqual({
      load: { 'response-time': { p50: 4, p99: 50 }, 'next.response-time': { p99: 9 } },
    });
    expect(report.throughputPerSecond).toEqual({ load: 100 });
    expect(report.cacheHitRates).toEqual({ cache: 0.9 });
    expect(report.servers).toEqual({ 'tasks-api': { version: '1.0.0' } });
    expect(report.timestamp).toBe('2026-05-31T23:59:59.123Z');
    expect(exitCodeOf(report)).toBe(0);
  });

  it.each([
    ['within 5 %', 208e6, 'pass', 'PASSED', false, 0],
    ['within 10 %', 214e6, 'warn', 'WARNING', false, 0],
    ['beyond', 300e6, 'fail', 'FAILED', false, 1],
    ['without enough to say', 190e6, 'inconclusive', 'INCONCLUSIVE', true, 3],
  ] as const)(
    'keeps the verdict and says beside it whether the limit itself was kept: %s',
    (_, p99, kind, status, strictly, code) => {
      const report = reportOf(p99, kind);
      const [target] = report.targets;
      expect([target!.status, target!.strictlyMet, exitCodeOf(report)]).toEqual([status, strictly, code]);
      expect(target!.benchmarks[0]!.objectives[1]!.over).toBeCloseTo(p99 / 200e6 - 1, 9);
      expect(reportText(report)).toContain(`NFR-Performance-04  ${status}, ${strictly ? '' : 'not '}strictly met`);
    },
  );

  it('says why a target is missed, what was noticed, and where to look', () => {
    const text = reportText(reportOf(300e6, 'fail'));
    expect(text.split('\n').slice(1, 6)).toEqual([
      '     load: too slow',
      '     load: of one round',
      '     load: of another',
      '     what helps: raise the pool size',
      expect.stringContaining('db_pool_waiting'),
    ]);
    expect(text).not.toContain('of the cache');
    expect(reportText(reportOf(50e6))).not.toMatch(/too slow|of one round|what helps|db_pool_waiting/);
    expect(reportOf(300e6, 'fail').targets[0]!.benchmarks[0]!.remedies).toEqual(['raise the pool size']);
  });

  it('is not green after a rehearsal', () => {
    const runs = new Map([['tasks-api', runOf(50e6, 'pass')]]);
    const report = buildReport(ours, runs, { ...facts, rehearsal: true });
    expect([report.summary.status, exitCodeOf(report)]).toEqual(['PASSED', 3]);
    expect(reportText(report)).toContain('together: PASSED, in a rehearsal');
  });

  it('takes a benchmark of which nothing was judged for not measured', () => {
    const runs = new Map([['tasks-api', { ...runOf(50e6, 'pass'), judgements: [] }]]);
    const report = buildReport(ours, runs, facts);
    expect([report.summary.notMeasured, report.summary.strictlyMet, exitCodeOf(report)]).toEqual([3, false, 3]);
  });

  it('is not green about what nobody measured', () => {
    const report = reportOf(50e6, 'pass', nfrTargets);
    expect(report.targets[0]).toMatchObject({ id: 'NFR-Performance-01', status: 'NOT MEASURED', strictlyMet: false });
    expect([report.summary.status, exitCodeOf(report)]).toEqual(['NOT MEASURED', 3]);
    expect(reportText(report)).toContain('no benchmark that was measured has the tag NFR-Performance-01');
  });
});

describe('reportName', () => {
  it('sorts by time', () => {
    expect(reportName('2026-05-31T23:59:59.123Z')).toBe('benchmark_2026-05-31_23-59-59.json');
  });
});
