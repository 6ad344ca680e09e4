import {
  createHistogram,
  metrics,
  quantile,
  sorted,
  type RoundMeasurement,
  type RoundResult,
  type Warning,
} from '@perfkeel/core';
import type { McpOutcome } from '../client/answer.ts';
import type { Asked } from './ask-items.ts';
import { everythingAsked } from './everything-asked.ts';
import type { Item } from './inventory.ts';
import type { McpResult } from './measure-mcp.ts';
import { mcpMetrics } from './mcp-metrics.ts';
import { mcpWarnings } from './mcp-warnings.ts';
import { probeMeasurements } from './probe-measurements.ts';
import { counted, exact } from './round-data.ts';

/** A round in the words of a round. What was not measured has no metric, rather than a zero. */
export function mcpMeasurements(result: McpResult, named: readonly string[], wanted: readonly string[]): RoundResult {
  const { warm, throughput, besideSlow, cache, context, results, rss } = result;
  const of = (kind: Item['kind']): readonly Asked[] => warm.filter(({ item }) => item.kind === kind);
  const tool = (name: string): readonly Asked[] => of('tool').filter(({ item }) => item.name === name);
  const largest = results.reduce((most, { tokens }) => Math.max(most, tokens), 0);
  const all: readonly (RoundMeasurement | undefined)[] = [
    times(metrics.responseTime.id, warm),
    times(mcpMetrics.resources.id, of('resource')),
    times(mcpMetrics.tools.id, of('tool')),
    times(mcpMetrics.prompts.id, of('prompt')),
    ...named.map((name) => times(name, tool(name))),
    times(mcpMetrics.coldRead.id, result.cold),
    worst(mcpMetrics.worstResource.id, of('resource')),
    worst(mcpMetrics.worstTool.id, of('tool')),
    besideSlow && times(mcpMetrics.besideSlow.id, [besideSlow]),
    { metric: mcpMetrics.connect.id, data: { kind: 'sample', values: result.connect } },
    ...failures(result),
    throughput && exact(metrics.throughput.id, throughput.perSecond),
    cache && counted(mcpMetrics.cacheHits.id, cache.hits, cache.hits + cache.misses),
    exact(mcpMetrics.contextTokens.id, context.total),
    results.length === 0 ? undefined : exact(mcpMetrics.largestResult.id, largest),
    rss === undefined ? undefined : exact(metrics.rss.id, rss),
    ...probeMeasurements(result),
  ];
  const measurements = all.filter((one) => one !== undefined && wanted.includes(one.metric)) as RoundMeasurement[];
  const warnings = mcpWarnings(result);
  return { measurements: measurements.map((one) => ({ ...one, warnings: withOwn(warnings, one.warnings ?? []) })) };
}

/** A remark of the metric itself says more than the same remark about the round. */
const withOwn = (general: readonly Warning[], own: readonly Warning[]): readonly Warning[] => [
  ...general.filter(({ code }) => !own.some((one) => one.code === code)),
  ...own,
];

function times(metric: string, asked: readonly Asked[]): RoundMeasurement | undefined {
  const histogram = createHistogram();
  for (const { times: some } of asked) for (const time of some) histogram.record(time);
  return histogram.count === 0 ? undefined : { metric, data: { kind: 'histogram', histogram: histogram.toData() } };
}

function worst(metric: string, asked: readonly Asked[]): RoundMeasurement | undefined {
  const each = asked
    .filter(({ times: some }) => some.length > 0)
    .map(({ times: some }) => quantile(sorted(some), 0.95));
  return each.length === 0
    ? undefined
    : exact(
        metric,
        each.reduce((a, b) => Math.max(a, b)),
      );
}

function failures(result: McpResult): readonly RoundMeasurement[] {
  const all = everythingAsked(result);
  const sum = (outcome: McpOutcome): number => all.reduce((total, { outcomes }) => total + outcomes[outcome], 0);
  const [tool, rpc, transport] = [sum('tool-error'), sum('rpc-error'), sum('transport-error')];
  const trials = sum('ok') + tool + rpc + transport;
  return [
    counted(metrics.errors.id, tool + rpc + transport, trials),
    counted(mcpMetrics.toolErrors.id, tool, trials),
    counted(mcpMetrics.rpcErrors.id, rpc, trials),
    counted(mcpMetrics.transportErrors.id, transport, trials),
  ];
}
