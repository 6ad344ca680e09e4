import {
  metrics,
  type Histogram,
  type MeasurementData,
  type Metric,
  type RoundMeasurement,
  type RoundResult,
  type Unit,
  type Warning,
} from '@perfkeel/core';
import { bansOn } from './bans-on.ts';
import { courses } from './courses.ts';
import { evidenceMeasurements, evidenceWarnings } from './evidence/evidence-measurements.ts';
import { failureKinds } from './failure.ts';
import {
  connectTime,
  endpointMetrics,
  metricOfPart,
  metricsOf,
  phaseMetrics,
  phasesApart,
  tlsTime,
} from './load-metrics.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadSoFar } from './record/load-so-far.ts';
import type { EndpointResult, PhaseResult, RequestResult } from './load-result.ts';

const histogramData = (histogram: Histogram): MeasurementData => ({
  kind: 'histogram',
  histogram: histogram.toData(),
});

/** What failed and how, in words: `12 of 1000 failed: 10 reset, 2 status (status 503)`. */
function failureDetails(result: LoadSoFar): readonly Warning[] {
  const { failed, failures, firstMessages, scheduled } = result;
  if (failed === 0) return [];
  const kinds = failureKinds
    .filter((kind) => failures[kind] > 0)
    .map((kind) => `${failures[kind]} ${kind}${firstMessages[kind] === undefined ? '' : ` (${firstMessages[kind]})`}`);
  return [{ code: 'failed-requests', message: `${failed} of ${scheduled} failed: ${kinds.join(', ')}` }];
}

const errorShare = ({ failed, scheduled, dropped }: RequestResult): MeasurementData => ({
  kind: 'count',
  events: failed,
  trials: scheduled - dropped,
});

type Times = 'responseTime' | 'serviceTime' | 'scheduleLag' | 'connectionWait' | 'firstByte';
const times: readonly (readonly [Metric, Times])[] = [
  [metrics.responseTime, 'responseTime'],
  [metrics.serviceTime, 'serviceTime'],
  [metrics.scheduleLag, 'scheduleLag'],
  [metrics.connectionWait, 'connectionWait'],
  [metrics.firstByte, 'firstByte'],
];

/** Everything that a part of a result measures, by the metric of the whole. */
function readings(part: RequestResult & Partial<PhaseResult>): ReadonlyMap<string, MeasurementData> {
  const data = new Map<string, MeasurementData>();
  for (const [{ id }, name] of times) {
    const histogram = part[name];
    if (histogram !== undefined) data.set(id, histogramData(histogram));
  }
  if (part.throughput !== undefined) data.set(metrics.throughput.id, { kind: 'exact', value: part.throughput });
  return data.set(metrics.errors.id, errorShare(part));
}

/** Of the connections that the run opened. A target without TLS has no time for it. */
function connectionMeasurements({ connections: { connect, tls } }: LoadSoFar): readonly RoundMeasurement[] {
  const parts = [
    [connectTime, connect],
    [tlsTime, tls],
  ] as const;
  return parts
    .filter(([, { count }]) => count > 0)
    .map(([{ id }, histogram]) => ({ metric: id, data: histogramData(histogram) }));
}

/** The measurements of a phase or an endpoint, under its name. */
function partMeasurements(part: PhaseResult | EndpointResult, of: readonly Metric[]): readonly RoundMeasurement[] {
  const data = readings(part);
  return of.map((metric) => ({ metric: metricOfPart(part.name, metric).id, data: data.get(metric.id)! }));
}

/** Turns a run of load, or what there is of it, into what a round hands back: metrics of core, in their base units. */
export function roundMeasurements(result: LoadSoFar, plan: LoadPlan): RoundResult {
  const apart = new Set(phasesApart(plan));
  const measured = new Map(metricsOf(plan).map(({ id, unit }) => [id, unit]));
  const whole = [...readings(result)].filter(([metric]) => measured.has(metric));
  const parts = [
    ...result.phases.filter(({ name }) => apart.has(name)).flatMap((phase) => partMeasurements(phase, phaseMetrics)),
    ...result.endpoints.flatMap((endpoint) => partMeasurements(endpoint, endpointMetrics)),
  ];
  const connections = connectionMeasurements(result).filter(({ metric }) => measured.has(metric));
  const all = [...whole.map(([metric, data]): RoundMeasurement => ({ metric, data })), ...connections, ...parts];
  const windows = result.windows.map(({ metric, value }): RoundMeasurement => ({
    metric,
    data: { kind: 'exact', value },
  }));
  return {
    ...(plan.input === undefined ? {} : { input: plan.input }),
    measurements: [
      ...[...all, ...windows].map((one) => annotated(one, measured.get(one.metric)!, result)),
      ...courses(result.series, plan.profile, result.collections),
      ...(result.evidence === undefined ? [] : evidenceMeasurements(result.evidence)),
    ],
  };
}

/** Remarks are said once; what forbids a conclusion stands with every number that it spoils. */
function annotated(measurement: RoundMeasurement, unit: Unit, result: LoadSoFar): RoundMeasurement {
  const { dropped, warnings } = result;
  if (measurement.metric === metrics.responseTime.id) {
    const told = result.evidence === undefined ? [] : evidenceWarnings(result.evidence);
    return { ...measurement, dropped, warnings: [...warnings, ...told] };
  }
  const failures = measurement.metric === metrics.errors.id ? failureDetails(result) : [];
  const all = [...bansOn(unit, warnings, result), ...failures];
  return all.length === 0 ? measurement : { ...measurement, warnings: all };
}
