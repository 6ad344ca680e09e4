import { createHistogram, formatQuantity, type Unit } from '@perfkeel/core';
import { requestsOf, type Asked } from './measure/ask-items.ts';
import { mcpWarnings } from './measure/mcp-warnings.ts';
import type { McpResult } from './measure/measure-mcp.ts';
import { firstOf, inLine, restWords, table } from './render-table.ts';
import { capacityRows, probeFacts, time, type Fact } from './render-probes.ts';

/** A first report of a server, as text that is Markdown too. Pure: the same result gives the same text. */
export function renderMcp(result: McpResult): string {
  const { greeting } = result;
  const sections = [
    [`# ${inLine(greeting.name)} ${inLine(greeting.version)}`, '', facts(result)],
    [timesTable(result)],
    [capacityTable(result)],
    mcpWarnings(result).map(({ message }) => `- Note: ${inLine(message, 1000)}`),
    [costTable(result)],
    leftOutLines(result),
    closingLines(result),
  ];
  return `${sections
    .map((lines) => lines.filter((line) => line !== undefined).join('\n'))
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

const show = (value: number, unit: Unit): string => formatQuantity(value, unit);

function closingLines({ context, warm }: McpResult): readonly string[] {
  const tokens = `Tokens are those of ${context.encoding}; beside times, of one result.`;
  const times = 'Times are of this machine, one request at a time; cold is the first read of a session.';
  return warm.length === 0 ? [tokens] : [`${times} With fewer than 59 requests, p95 has no upper bound. ${tokens}`];
}

const countOf = ({ length }: readonly unknown[], word: string): string => `${length} ${word}${length === 1 ? '' : 's'}`;

function facts(result: McpResult): string {
  const { greeting, inventory, connect, throughput, context, rss, cache } = result;
  const { tools, resources, resourceTemplates, prompts } = inventory;
  const rows: readonly (Fact | undefined)[] = [
    ['protocol', greeting.protocolVersion],
    [
      'offers',
      `${countOf(tools, 'tool')}, ${countOf(resources, 'resource')}, ${countOf(resourceTemplates, 'template')}, ${countOf(prompts, 'prompt')}`,
    ],
    [`connect, median of ${connect.length}`, time(histogramOf(connect).quantile(0.5))],
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
  const asked = warm.filter((one) => requestsOf(one) > 0);
  const { shown, rest } = firstOf(asked);
  if (shown.length === 0) return undefined;
  const coldOf = new Map(cold.map(({ item, times }) => [item.name, times[0]]));
  const tokensOf = new Map(results.map(({ item, tokens }) => [keyOf(item), String(tokens)]));
  const rows = shown.map((one) => {
    const { item, times, outcomes } = one;
    const histogram = histogramOf(times);
    const all = requestsOf(one);
    return [
      ...[item.kind, item.name, item.kind === 'resource' ? time(coldOf.get(item.name) ?? Number.NaN) : ''],
      ...[0.5, 0.95, 0.99].map((q) => time(histogram.quantile(q))),
      ...[`${all - outcomes.ok} of ${all}`, tokensOf.get(keyOf(item)) ?? '-'],
    ];
  });
  const text = table(['kind', 'name', 'cold', 'p50', 'p95', 'p99', 'failed', 'tokens'], rows);
  return withRest(text, restWords(rest, ' that were asked for'));
}

const keyOf = ({ kind, name }: Asked['item']): string => `${kind} ${name}`;

const withRest = (text: string, rest: string | undefined): string => (rest === undefined ? text : `${text}\n\n${rest}`);

function capacityTable(result: McpResult): string | undefined {
  const rows = capacityRows(result);
  return rows.length === 0 ? undefined : table(['in flight', 'answers', 'p95', 'failed', 'kept'], rows);
}

function costTable({ context }: McpResult): string | undefined {
  if (context.tools.length === 0) return undefined;
  const { shown, rest } = firstOf(context.tools);
  const rows = shown.map(({ name, tokens }) => [name, String(tokens)]);
  return withRest(table(['tool', 'tokens in every conversation'], rows), restWords(rest, ' that cost less'));
}

const howToCall = 'Left alone; `--call \'name={"argument": …}\'`, or the option `tools`, calls a tool all the same:';

function leftOutLines({ leftOut }: McpResult): readonly string[] {
  if (leftOut.length === 0) return [];
  const { shown, rest } = firstOf(leftOut);
  const lines = shown.map(({ kind, name, reason }) => `- ${kind} ${inLine(name)}: ${inLine(reason)}`);
  return [howToCall, '', ...lines, ...(rest === 0 ? [] : [`- ${restWords(rest, '')}`])];
}
