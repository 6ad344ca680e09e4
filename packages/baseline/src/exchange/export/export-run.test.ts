import { type PerfError, createHistogram, metrics, type Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { importRuns } from '../import-runs.ts';
import { exportFormats, exportRun } from './export-run.ts';

const plan = samplePlan({
  id: 'parse, "big"',
  group: '=cmd()',
  kind: 'bench',
  metrics: [metrics.timePerOperation, metrics.throughput, metrics.errors],
  primary: 'time',
  objectives: [],
  rounds: 3,
});

/** Rounds of 100, 110 and 130 ns; 10 and 30 a second and one that is infinite; one failure of four. */
const run: Run = sampleRun({
  plans: [plan],
  measurements: [
    ...[100, 110, 130].map((time, round) =>
      sampleMeasurement({
        benchmark: plan.id,
        metric: 'time',
        round,
        data: { kind: 'sample', values: [time, time, time] },
      }),
    ),
    ...[10, 30, Infinity].map((value, round) =>
      sampleMeasurement({ benchmark: plan.id, metric: 'throughput', round, data: { kind: 'exact', value } }),
    ),
    sampleMeasurement({ benchmark: plan.id, metric: 'errors', data: { kind: 'count', events: 1, trials: 4 } }),
  ],
});

const json = (format: string): unknown => JSON.parse(exportRun(run, format));

describe('exports', () => {
  it('for customSmallerIsBetter and customBiggerIsBetter: the direction holds for a file', () => {
    const smaller = json('customSmallerIsBetter') as { name: string }[];
    expect(smaller.map(({ name }) => name.replace(`${plan.id} > `, ''))).toEqual([
      'time-median', 'time-p90', 'time-p99', 'time-min', 'time-max', 'time-mean', 'errors',
    ]); // prettier-ignore
    expect(smaller[0]).toEqual({
      name: 'parse, "big" > time-median',
      unit: 'ns',
      value: 110,
      range: '± 15',
      extra: '3 rounds',
    });
    expect(json('customBiggerIsBetter')).toEqual([
      { name: 'parse, "big" > throughput', unit: '1/s', value: 20, range: '± 10', extra: '2 rounds' },
    ]);
  });

  it('for Bencher', () => {
    const { [plan.id]: measures } = json('bencher') as Record<string, Record<string, unknown>>;
    expect(measures!['time-median']).toEqual({ value: 110, lower_value: 100, upper_value: 130 });
    expect(measures!['throughput']).toEqual({ value: 20, lower_value: 10, upper_value: 30 });
    expect(measures!['errors']).toEqual({ value: 0.25 });
  });

  it('the lowest and the highest of a run are those of all rounds, and its quantiles of all samples', () => {
    const rounds = [
      [1, 2, 3, 90],
      [4, 5, 6],
      [7, 8],
    ].map((values, round) =>
      sampleMeasurement({ benchmark: plan.id, metric: 'time', round, data: { kind: 'sample', values } }),
    );
    const counts = [[0, 10], [6, 20]].map(([events, trials], round) =>
      sampleMeasurement({
        benchmark: plan.id,
        metric: 'errors',
        round,
        data: { kind: 'count', events: events!, trials: trials! },
      }),
    ); // prettier-ignore
    const uneven = sampleRun({ plans: [plan], measurements: [...rounds, ...counts] });
    const { [plan.id]: measures } = JSON.parse(exportRun(uneven, 'bencher')) as Record<string, Record<string, unknown>>;
    expect(measures).toMatchObject({
      'time-min': { value: 1, lower_value: 1, upper_value: 7 },
      'time-max': { value: 90, lower_value: 6, upper_value: 90 },
      'time-median': { value: 5, lower_value: 2, upper_value: 7 },
      'time-mean': { value: 14 },
      errors: { value: 0.2, lower_value: 0, upper_value: 0.3 },
    });
  });

  it('as OpenMetrics: seconds, escaped labels, an end', () => {
    const text = exportRun(run, 'openmetrics', { metric: 'time' });
    const labels = `project="orders",benchmark="parse, \\"big\\"",group="=cmd()"`;
    const commit = 'commit="0123456789abcdef0123456789abcdef01234567"';
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# TYPE perfkeel_time_seconds gauge',
      '# UNIT perfkeel_time_seconds seconds',
      `perfkeel_time_seconds{${labels},statistic="median",${commit}} 1.1e-7`,
    ]);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(exportRun(run, 'openmetrics')).toContain('# UNIT perfkeel_throughput_per_second per_second\n');
  });

  it('as OTLP: gauges at the moment of the run', () => {
    const { resourceMetrics } = json('otlp') as { resourceMetrics: Otlp[] };
    const { metrics: gauges } = resourceMetrics[0]!.scopeMetrics[0]!;
    expect(gauges.map(({ name, unit }) => [name, unit])).toEqual([
      ['perfkeel.time', 'ns'],
      ['perfkeel.throughput', '1/s'],
      ['perfkeel.errors', '1'],
    ]);
    expect(gauges[1]!.gauge.dataPoints).toEqual([
      {
        attributes: [
          { key: 'perfkeel.benchmark', value: { stringValue: plan.id } },
          { key: 'perfkeel.group', value: { stringValue: '=cmd()' } },
          { key: 'perfkeel.statistic', value: { stringValue: 'value' } },
        ],
        timeUnixNano: '1735787045000000000',
        asDouble: 20,
      },
    ]);
  });

  it('as CSV: quoted, and no formula for a spreadsheet', () => {
    const rows = exportRun(run, 'csv', { metric: 'errors' }).split('\r\n');
    expect(rows).toEqual([
      'run,startedAt,project,commit,environment,benchmark,group,metric,unit,statistic,round,value',
      `${run.id},2025-01-02T03:04:05.000Z,orders,${run.provenance.sha},c0ffee00,"parse, ""big""",'=cmd(),errors,ratio,share,0,0.25`,
      '',
    ]);
  });

  it('as NDJSON: every finite number of every round', () => {
    const rows = exportRun(run, 'ndjson', { metric: 'throughput' }).trim().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as { round: number; value: number }).value)).toEqual([10, 30]);
  });
});

interface Otlp {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly { name: string; unit: string; gauge: { dataPoints: unknown[] } }[];
  }[];
}

describe('.hgrm', () => {
  const histogram = createHistogram();
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms * 1e6);
  const withHistogram = sampleRun({
    plans: [samplePlan({ rounds: 1, objectives: [] })],
    measurements: [sampleMeasurement({ data: { kind: 'histogram', histogram: histogram.toData() } })],
  });
  const text = exportRun(withHistogram, 'hgrm');

  it('is the percentile distribution of HdrHistogram, in milliseconds', () => {
    const lines = text.split('\n');
    expect(lines[0]).toBe('       Value     Percentile TotalCount 1/(1-Percentile)');
    expect(lines[2]).toBe('       1.000 0.000000000000          1           1.00');
    expect(lines).toContain('    1000.000 1.000000000000       1000');
    expect(text).toMatch(/^#\[Mean {4}= {6}500\.500, StdDeviation {3}= {6}288\.\d{3}\]$/m);
    expect(text).toMatch(/^#\[Max {5}= {5}1000\.000, Total count {4}= {9}1000\]$/m);
    const rows = lines.flatMap((line) => /^ *([\d.]+) ([\d.]+) +(\d+) /.exec(line)?.slice(1).map(Number) ?? []);
    const levels = rows.filter((_, i) => i % 3 === 1);
    expect(levels.slice(0, 7)).toEqual(
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55].map((level): unknown => expect.closeTo(level, 9)),
    );
    // Ranks lie where their percentiles say, and values are kept within 0.1 %.
    for (let i = 0; i < rows.length; i += 3) {
      expect(rows[i + 2]).toBe(Math.max(1, Math.ceil(rows[i + 1]! * 1000 - 1e-6)));
      expect(rows[i]! / rows[i + 2]!).toBeCloseTo(1, 2);
    }
  });

  it('holds one distribution', () => {
    expect(() => exportRun(run, 'hgrm', { metric: 'throughput' })).toThrow('there is no distribution to export');
    const both = sampleRun({ plans: [samplePlan(), samplePlan({ id: 'other' })] });
    expect(() => exportRun(both, 'hgrm')).toThrow(
      /holds one distribution, and there are 2: response-time of "parse one/,
    );
  });
});

describe('round trips', () => {
  const again = (format: string, text: string): Run => importRuns(format, text, { file: 'a.json', at: 1e12 }).runs[0]!;

  it('Bencher: names, values, bounds, units and directions of our own metrics', () => {
    const back = again('auto', exportRun(run, 'bencher'));
    expect(back.plan.benchmarks.map(({ id }) => id)).toEqual([plan.id]);
    expect(back.plan.benchmarks[0]!.metrics.filter(({ id }) => !/p9|min|max|mean/.test(id))).toEqual([
      { id: 'time-median', unit: 'ns', better: 'lower' },
      { id: 'throughput', unit: '1/s', better: 'higher' },
      { id: 'errors', unit: 'ratio', better: 'lower' },
    ]);
    expect(back.measurements[0]!.data).toMatchObject({ estimate: { value: 110, lo: 100, hi: 130 } });
  });

  it('github-action-benchmark: names, values, units', () => {
    const back = again('customBiggerIsBetter', exportRun(run, 'customBiggerIsBetter'));
    expect(back.plan.benchmarks[0]).toMatchObject({
      id: `${plan.id} > throughput`,
      metrics: [{ id: 'throughput', unit: '1/s', better: 'higher' }],
    });
    expect(back.measurements[0]!.data).toMatchObject({ estimate: { value: 20 } });
    const smaller = again('auto', exportRun(run, 'customSmallerIsBetter'));
    expect(smaller.plan.benchmarks.map(({ metrics: [metric] }) => metric!.unit)).toEqual([
      ...Array<string>(6).fill('ns'),
      'ratio',
    ]);
  });

  it('a foreign file goes through as it came', () => {
    const bmf = { parse: { latency: { value: 88, lower_value: 87.42, upper_value: 88.88 } } };
    const exported = JSON.parse(exportRun(again('auto', JSON.stringify(bmf)), 'bencher')) as unknown;
    expect(exported).toEqual({ parse: { latency: { value: 88 } } });
  });
});

describe('what cannot be written', () => {
  const failure = (...args: readonly [string, object?]): unknown => {
    try {
      return exportRun(run, ...args);
    } catch (error) {
      return error;
    }
  };

  it.each([
    ['cvs', {}, 'unknown-format', 'there is no format "cvs"; was it csv?'],
    ['csv', { metric: 'heap' }, 'bad-export', 'the run has no "heap"'],
    ['csv', { benchmark: 'none', metric: 'time' }, 'bad-export', 'the run has no "time" of "none"'],
  ])('%s %j: %s', (format, options, code, message) => {
    const error = failure(format, options) as PerfError;
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toBe(message);
  });

  it('a run without numbers is an empty list, and never a crash', () => {
    const empty = sampleRun({ plans: [], measurements: [] });
    const texts = exportFormats.filter((format) => format !== 'hgrm').map((format) => exportRun(empty, format));
    expect(texts.every((text) => !text.includes('undefined'))).toBe(true);
  });

  it('names of prototypes are names', () => {
    const odd = sampleRun({ plans: [samplePlan({ id: '__proto__', objectives: [] })] });
    expect(Object.keys(JSON.parse(exportRun(odd, 'bencher')) as object)).toEqual(['__proto__']);
  });
});
