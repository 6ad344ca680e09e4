import { createHistogram, formatQuantity, type Unit } from '@perfkeel/core';
import type { Asked } from './measure/ask-items.ts';
import { mcpWarnings } from './measure/mcp-measurements.ts';
import type { McpResult } from './measure/measure-mcp.ts';
import { capacityRows, probeFacts, time, type Fact } from './render-probes.ts';

/** A first report of a server, as text that is Markdown too. Pure: the same result gives the same text. */
export function renderMcp(result: McpResult): string {
  const { greeting, context } = result;
  const sections = [
    [`# ${greeting.name} ${greeting.version}`, '', facts(result)],
    [timesTable(result)],
    [capacityTable(result)],
    [costTable(result)],
    leftOutLines(result),
    mcpWarnings(result).map(({ message }) => `- Note: ${message}`),
    [
      `Tokens are those of ${context.encoding}. Times are of this machine, one request at a time; p95 has its bound from 59.`,
    ],
  ];
  return `${sections
    .map((lines) => lines.filter((line) => line !== undefined).join('\n'))
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

const show = (value: number, unit: Unit): string => formatQuantity(value, unit);

function facts(result: McpResult): string {
  const { greeting, inventory, connect, throughput, context, rss, cache } = result;
  const { tools, resources, resourceTemplates, prompts } = inventory;
  const rows: readonly (Fact | undefined)[] = [
    ['protocol', greeting.protocolVersion],
    [
      'offers',
      `${tools.length} tools, ${resources.length} resources, ${resourceTemplates.length} templates, ${prompts.length} prompts`,
    ],
    ['connect, median', time(histogramOf(connect).quantile(0.5))],
    throughput && [`throughput at ${throughput.inFlight} in flight`, show(throughput.perSecond, '1/s')],
    ['context cost', `${context.total} tokens (${context.instructions} of them instructions)`],
    cache && ['cache hits', show(cache.hits / Math.max(1, cache.hits + cache.misses), 'ratio')],
    rss === undefined ? undefined : ['resident memory', show(rss, 'B')],
    ...probeFacts(result),
  ];
  return table(
    ['', ''],
    rows.filter((row) => row !== undefined),
  );
}

function histogramOf(values: readonly number[]): ReturnType<typeof createHistogram> {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function timesTable({ warm, cold, results }: McpResult): string | undefined {
  if (warm.length === 0) return undefined;
  const coldOf = (asked: Asked): string =>
    time(
      histogramOf(cold.find(({ item }) => item.name === asked.item.name && item.kind === asked.item.kind)?.times ?? [])
        .min,
    );
  const rows = warm.map((asked) => {
    const { item, times, outcomes } = asked;
    const histogram = histogramOf(times);
    const all = Object.values(outcomes).reduce((a, b) => a + b, 0);
    const tokens = results.find((cost) => cost.item === item)?.tokens;
    return [
      ...[item.kind, item.name, item.kind === 'resource' ? coldOf(asked) : ''],
      ...[0.5, 0.95, 0.99].map((q) => time(histogram.quantile(q))),
      ...[`${all - outcomes.ok} of ${all}`, tokens === undefined ? '-' : String(tokens)],
    ];
  });
  return table(['kind', 'name', 'cold', 'p50', 'p95', 'p99', 'failed', 'tokens'], rows);
}

function capacityTable(result: McpResult): string | undefined {
  const rows = capacityRows(result);
  return rows.length === 0 ? undefined : table(['in flight', 'answers', 'p95', 'failed', 'kept'], rows);
}

function costTable({ context }: McpResult): string | undefined {
  if (context.tools.length === 0) return undefined;
  return table(
    ['tool', 'tokens in every conversation'],
    context.tools.map(({ name, tokens }) => [name, String(tokens)]),
  );
}

function leftOutLines({ leftOut }: McpResult): readonly string[] {
  if (leftOut.length === 0) return [];
  return ['Left alone:', '', ...leftOut.map(({ kind, name, reason }) => `- ${kind} ${name}: ${reason}`)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replace(/[|\r\n]/g, ' ')));
  const widths = head.map((_, at) => Math.max(3, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
