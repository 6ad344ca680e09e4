import { metrics, type Metric } from '@perfkeel/core';
import type { McpSubject } from '../subject.ts';

const own = (id: string, unit: Metric['unit'], better: Metric['better'] = 'lower'): Metric =>
  Object.freeze({ id, unit, better });
const part = (id: string): Metric =>
  Object.freeze({ ...own(id, 'ns'), part: { of: metrics.responseTime.id, component: id } });

/** What a server of the Model Context Protocol is measured by, beside the metrics of core. */
export const mcpMetrics = {
  /** Until the server has introduced itself: of a process from its start, of a url from the connection. */
  connect: own('connect', 'ns'),
  /** The first read of each resource in a session. */
  coldRead: own('cold-read', 'ns'),
  resources: part('resources'),
  tools: part('tools'),
  prompts: part('prompts'),
  /** p95 of the slowest resource, and of the slowest tool. */
  worstResource: own('worst-resource-p95', 'ns'),
  worstTool: own('worst-tool-p95', 'ns'),
  /** Calls of a fast tool while a slow one is under way. */
  besideSlow: own('beside-slow', 'ns'),
  /** Share of reads that the cache of the server answered, by its own counters. */
  cacheHits: own('cache-hits', 'ratio', 'higher'),
  /** From a cancellation until the server was seen to have stopped. */
  cancel: own('cancel', 'ns'),
  /** Share of cancelled calls whose work went on. */
  cancelIgnored: own('cancel-ignored', 'ratio'),
  /** From sending a change to the notification of it. */
  updateDelivery: own('update-delivery', 'ns'),
  /** Share of changes of which no notification came. */
  updatesLost: own('updates-lost', 'ratio'),
  /** Share of acknowledged writes that are not there when everything is read back. */
  lostUpdates: own('lost-updates', 'ratio'),
  /** Growth of the resident memory of the server. */
  memoryPerThousand: own('memory-per-thousand', 'B'),
  memoryPerThousandSessions: own('memory-per-thousand-sessions', 'B'),
  /** Sessions that are opened, asked once and closed, one after the other. */
  sessionRate: own('session-rate', '1/s', 'higher'),
  sessionErrors: own('session-errors', 'ratio'),
  toolErrors: own('tool-errors', 'ratio'),
  rpcErrors: own('rpc-errors', 'ratio'),
  transportErrors: own('transport-errors', 'ratio'),
  /** Tokens of tools and instructions together. */
  contextTokens: own('context-tokens', 'count'),
  /** Tokens of the largest result. */
  largestResult: own('largest-result-tokens', 'count'),
} as const;

/** The metrics of one declaration: those that its options make possible. */
export function metricsOf(subject: McpSubject): readonly Metric[] {
  const m = mcpMetrics;
  const when = (option: unknown, ...some: readonly Metric[]): readonly Metric[] => (option === undefined ? [] : some);
  return [
    ...[metrics.responseTime, metrics.errors, m.toolErrors, m.rpcErrors, m.transportErrors],
    ...(subject.inFlight === 0 ? [] : [metrics.throughput]),
    ...[m.connect, m.coldRead, m.resources, m.tools, m.prompts, m.worstResource, m.worstTool],
    ...[m.contextTokens, m.largestResult],
    ...when(subject.cacheCounters, m.cacheHits),
    ...when(subject.beside, m.besideSlow),
    ...when(subject.capacity, metrics.capacity),
    ...when(subject.writeAndReadBack, m.lostUpdates),
    ...when(subject.cancel, m.cancel, m.cancelIgnored),
    ...when(subject.updates, m.updateDelivery, m.updatesLost),
    ...when(subject.growth, m.memoryPerThousand),
    ...when(subject.churn, m.sessionRate, m.sessionErrors, m.memoryPerThousandSessions),
    metrics.rss,
    ...Object.keys(subject.tools ?? {}).map(part),
  ];
}
