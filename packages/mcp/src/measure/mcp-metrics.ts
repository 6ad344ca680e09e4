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
  const { toolErrors, rpcErrors, transportErrors, besideSlow, cacheHits, ...always } = mcpMetrics;
  const throughput = subject.inFlight === 0 ? [] : [metrics.throughput];
  return [
    ...[metrics.responseTime, metrics.errors, toolErrors, rpcErrors, transportErrors, ...throughput],
    ...Object.values(always),
    ...(subject.cacheCounters === undefined ? [] : [cacheHits]),
    ...(subject.beside === undefined ? [] : [besideSlow]),
    metrics.rss,
    ...Object.keys(subject.tools ?? {}).map(part),
  ];
}
