import { formatQuantity, median, quantile, sorted } from '@perfkeel/core';
import type { McpResult } from './measure/measure-mcp.ts';
import type { Cancellation } from './probes/cancellation.ts';
import type { MemoryGrowth } from './probes/memory-growth.ts';

export type Fact = readonly [name: string, value: string];

export const time = (value: number): string => (Number.isNaN(value) ? '-' : formatQuantity(value, 'ns'));

/** A line for everything that was asked for beside times. */
export function probeFacts(result: McpResult): readonly Fact[] {
  const { besideSlow, capacity, lostUpdates, cancellation, updates, growth, churn } = result;
  const rows: readonly (Fact | undefined)[] = [
    besideSlow && [`${besideSlow.item.name} beside a slow tool, p50 and p95`, quantiles(besideSlow.times)],
    capacity && [`capacity with p95 below ${time(capacity.limit)}`, formatQuantity(capacity.perSecond, '1/s')],
    lostUpdates && ['lost updates', lostText(lostUpdates)],
    cancellation && [`${cancellation.tool}, cancelled`, endsText(cancellation)],
    updates && [`notifications of ${updates.resource}`, deliveryText(updates)],
    growth && ['memory, 1000 calls', growthText(growth)],
    churn && ['sessions, opened, asked once and closed', churnText(churn)],
    churn?.memory && ['memory, 1000 sessions', growthText(churn.memory)],
  ];
  return rows.filter((row) => row !== undefined);
}

/** What each number of requests under way gave. */
export const capacityRows = ({ capacity }: McpResult): readonly (readonly string[])[] =>
  (capacity?.steps ?? []).map(({ inFlight, perSecond, p95, failed, kept }) => [
    ...[String(inFlight), formatQuantity(perSecond, '1/s'), time(p95), String(failed), kept ? 'yes' : 'no'],
  ]);

const medianOf = (values: readonly number[]): string => (values.length === 0 ? '-' : time(median(values)));

function quantiles(times: readonly number[]): string {
  if (times.length === 0) return '-';
  const ascending = sorted(times);
  return [0.5, 0.95].map((q) => time(quantile(ascending, q))).join(', ');
}

const lostText = ({ lost, acknowledged, failure }: NonNullable<McpResult['lostUpdates']>): string =>
  failure === undefined ? `${lost} of ${acknowledged} acknowledged writes` : 'not known';

function endsText({ ends, times }: Cancellation): string {
  const all = Object.values(ends).reduce((a, b) => a + b, 0);
  const words = { stopped: 'stopped', ignored: 'went on', silent: 'silent', finished: 'finished before' } as const;
  const counts = (Object.keys(words) as (keyof typeof words)[])
    .filter((end) => ends[end] > 0)
    .map((end) => `${words[end]} ${ends[end]} of ${all} times`);
  return [...counts, ...(times.length === 0 ? [] : [`median ${medianOf(times)}`])].join(', ');
}

const deliveryText = ({ times, lost }: NonNullable<McpResult['updates']>): string =>
  `median ${medianOf(times)}, ${lost} of ${lost + times.length} lost`;

function growthText({ perThousand: { value, lo, hi }, resolution, done }: MemoryGrowth): string {
  const bytes = (n: number): string => formatQuantity(n, 'B');
  const seen = Number.isFinite(resolution) ? `, seen from ${bytes(resolution)}` : '';
  return `${bytes(value)} [${bytes(lo)}, ${bytes(hi)}] over ${done}${seen}`;
}

const churnText = ({ perSecond, failed, sessions }: NonNullable<McpResult['churn']>): string =>
  `${formatQuantity(perSecond, '1/s')}, ${failed} of ${sessions} failed`;
