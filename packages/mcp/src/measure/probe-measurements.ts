import { metrics, type RoundMeasurement, type Warning } from '@perfkeel/core';
import type { MemoryGrowth } from '../probes/memory-growth.ts';
import { mcpMetrics } from './mcp-metrics.ts';
import type { McpResult } from './measure-mcp.ts';
import { counted, exact, sample } from './round-data.ts';

/** What was asked for beside times. What could not be seen has no metric, and a warning. */
export function probeMeasurements(result: McpResult): readonly (RoundMeasurement | undefined)[] {
  const { capacity, lostUpdates, cancellation, updates, growth, churn } = result;
  return [
    capacity && exact(metrics.capacity.id, capacity.perSecond),
    lostUpdates && knownLost(lostUpdates),
    ...(cancellation === undefined ? [] : ofCancellation(cancellation)),
    updates && sample(mcpMetrics.updateDelivery.id, updates.times),
    updates && share(mcpMetrics.updatesLost.id, updates.lost, updates.lost + updates.times.length),
    growth && ofGrowth(mcpMetrics.memoryPerThousand.id, growth),
    churn && exact(mcpMetrics.sessionRate.id, churn.perSecond),
    churn && share(mcpMetrics.sessionErrors.id, churn.failed, churn.sessions),
    churn?.memory && ofGrowth(mcpMetrics.memoryPerThousandSessions.id, churn.memory),
  ];
}

const share = (metric: string, events: number, trials: number): RoundMeasurement | undefined =>
  trials === 0 ? undefined : counted(metric, events, trials);

const knownLost = ({ lost, acknowledged, failure }: NonNullable<McpResult['lostUpdates']>) =>
  failure === undefined ? share(mcpMetrics.lostUpdates.id, lost, acknowledged) : undefined;

/** A silent server may have stopped or not: it counts on neither side. */
const ofCancellation = ({ ends, times }: NonNullable<McpResult['cancellation']>) => [
  sample(mcpMetrics.cancel.id, times),
  share(mcpMetrics.cancelIgnored.id, ends.ignored, ends.ignored + ends.stopped),
];

const ofGrowth = (metric: string, { perThousand, settling }: MemoryGrowth): RoundMeasurement => ({
  metric,
  data: { kind: 'estimate', estimate: perThousand },
  ...(settling && { warnings: [{ ...stillSettling, forbids: 'fail' as const }] }),
});

const stillSettling = {
  code: 'still-settling',
  message: 'memory grew less and less while it was watched: only more calls can tell whether it stops',
};

/** What the probes could not see, and why. */
export function probeWarnings(result: McpResult): readonly Warning[] {
  const { capacity, lostUpdates, cancellation, updates, churn } = result;
  const said: readonly (readonly [code: string, message: string | undefined])[] = [
    ['cancel-silent', cancellation && silence(cancellation)],
    ['cancel-ignored', cancellation && ignorance(cancellation)],
    ['updates-failed', updates?.failure && `notifications of ${updates.resource}: ${updates.failure}`],
    ['lost-updates-unknown', lostUpdates?.failure],
    ['session-failed', churn?.failure && `${churn.failed} of ${churn.sessions} sessions failed: ${churn.failure}`],
    ['capacity-not-reached', capacity && beyond(capacity)],
  ];
  const settling = [result.growth, churn?.memory].some((growth) => growth?.settling) ? [stillSettling] : [];
  return [...said.flatMap(([code, message]) => (message === undefined ? [] : [{ code, message }])), ...settling];
}

function silence({ tool, ends }: NonNullable<McpResult['cancellation']>): string | undefined {
  if (ends.finished > 0)
    return `${tool} had finished before it could be cancelled: cancel it earlier, or give it more to do`;
  if (ends.silent === 0) return undefined;
  return `nothing tells whether ${tool} stopped when it was cancelled: the option \`stopped\` can ask the server`;
}

const ignorance = ({ tool, ends }: NonNullable<McpResult['cancellation']>): string | undefined =>
  ends.ignored === 0 ? undefined : `${tool} went on although it was cancelled`;

function beyond({ steps }: NonNullable<McpResult['capacity']>): string | undefined {
  const last = steps.at(-1);
  if (last?.kept !== true) return undefined;
  return `${last.inFlight} in flight still keep p95: the capacity is that, or more`;
}
