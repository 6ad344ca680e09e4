import { metrics, type Metric } from '@perfkeel/core';
import { evidenceMetrics } from './evidence/evidence-measurements.ts';
import type { LoadPlan } from './load-plan.ts';

/** A metric of one part of a run, a phase or an endpoint: `spike.response-time`. */
export const metricOfPart = (part: string, metric: Metric): Metric => ({ ...metric, id: `${part}.${metric.id}` });

/** What is measured of every phase by itself, when there are several. */
export const phaseMetrics: readonly Metric[] = [metrics.responseTime, metrics.errors, metrics.throughput];
/** What is measured of every endpoint by itself. */
export const endpointMetrics: readonly Metric[] = [metrics.responseTime, metrics.errors];

/** The measured phases that have results of their own: none where the whole run is one. */
export function phasesApart({ profile }: LoadPlan): readonly string[] {
  const measured = profile.phases.filter(({ record }) => record);
  return measured.length > 1 ? measured.map(({ name }) => name) : [];
}

const ofParts = (parts: readonly string[], all: readonly Metric[]): readonly Metric[] =>
  parts.flatMap((part) => all.map((metric) => metricOfPart(part, metric)));

/** What opening a connection took, and what agreeing on TLS took behind that. */
export const connectTime: Metric = { id: 'connect-time', unit: 'ns', better: 'lower' };
export const tlsTime: Metric = { id: 'tls-time', unit: 'ns', better: 'lower' };

const opensConnections = ({ work }: LoadPlan): boolean => work.kind !== 'function' && work.driver.use === 'http1';

/**
 * A function has connections of its own, or none; autocannon tells nothing of its. Several steps have as many first bytes.
 */
const seesConnections = ({ work }: LoadPlan): boolean =>
  work.kind !== 'function' && work.kind !== 'steps' && work.driver.use !== 'autocannon';

const overTime = (id: string, unit: Metric['unit']): Metric => Object.freeze({ id, unit, better: 'neither' });

/** Requests that were due, sent, and failed, per second of each interval. Shown over time, never judged. */
export const intendedRate = overTime('intended-rate', '1/s');
export const sentRate = overTime('sent-rate', '1/s');
export const failedRate = overTime('failed-rate', '1/s');

/** What is only recorded over time, and which no objective can speak of. Clients have no rate that was intended. */
const courseMetrics = ({ profile }: LoadPlan): readonly Metric[] => [
  ...(profile.model === 'open' ? [intendedRate] : []),
  ...[sentRate, failedRate, metrics.responseTimes],
];

/** Everything that a plan measures, the primary metric first. */
export const metricsOf = (plan: LoadPlan): readonly Metric[] => [...judgedMetrics(plan), ...courseMetrics(plan)];

/** What objectives may speak of, the primary metric first. */
export function judgedMetrics(plan: LoadPlan): readonly Metric[] {
  const { responseTime, serviceTime, throughput, errors, scheduleLag, connectionWait, firstByte } = metrics;
  return [
    ...[responseTime, serviceTime, throughput, errors],
    ...(plan.profile.model === 'open' ? [scheduleLag] : []),
    ...(seesConnections(plan) ? [connectionWait, firstByte] : []),
    ...(opensConnections(plan) ? [connectTime, tlsTime] : []),
    ...ofParts(phasesApart(plan), phaseMetrics),
    ...ofParts(plan.endpoints, endpointMetrics),
    ...plan.windows.map(({ metric }) => metric),
    ...(plan.evidence === undefined ? [] : evidenceMetrics),
  ];
}
