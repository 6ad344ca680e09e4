import type { Run, Unit } from '@perfkeel/core';
import { runValues, type ExportOptions, type RunValue } from './run-values.ts';

/** UCUM, as OpenTelemetry wants it. */
const ucum: Readonly<Record<Unit, string>> = {
  ns: 'ns',
  B: 'By',
  'B/op': 'By/{operation}',
  'B/s': 'By/s',
  '1/s': '1/s',
  ratio: '1',
  count: '1',
};

const attributes = (pairs: Readonly<Record<string, string | undefined>>): object[] =>
  Object.entries(pairs).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: { stringValue: value } }],
  );

function pointsOf(values: readonly RunValue[], timeUnixNano: string): object[] {
  return values.map(({ benchmark, group, statistic, value }) => ({
    attributes: attributes({
      'perfkeel.benchmark': benchmark,
      'perfkeel.group': group,
      'perfkeel.statistic': statistic,
    }),
    timeUnixNano,
    asDouble: value,
  }));
}

/** OTLP metrics as JSON, for `POST /v1/metrics` of a collector: one gauge for each metric, at the moment of the run. */
export function otlp(run: Run, options: ExportOptions): string {
  const timeUnixNano = `${Date.parse(run.startedAt)}000000`;
  const byMetric = new Map<string, RunValue[]>();
  for (const value of runValues(run, options)) {
    const key = JSON.stringify([value.metric.id, value.metric.unit]);
    byMetric.set(key, [...(byMetric.get(key) ?? []), value]);
  }
  const gauges = [...byMetric.values()].map((values) => ({
    name: `perfkeel.${values[0]!.metric.id}`,
    unit: ucum[values[0]!.metric.unit],
    gauge: { dataPoints: pointsOf(values, timeUnixNano) },
  }));
  const { project, sha, branch } = run.provenance;
  const resource = attributes({
    'service.name': project,
    'host.name': run.environment.host,
    'vcs.ref.head.revision': sha,
    'vcs.ref.head.name': branch,
    'perfkeel.run.id': run.id,
  });
  const scopeMetrics = [{ scope: { name: 'perfkeel' }, metrics: gauges }];
  return `${JSON.stringify({ resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics }] }, null, 2)}\n`;
}
