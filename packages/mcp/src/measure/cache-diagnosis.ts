import { formatNumber, formatQuantity, median, nanosFromMs, type Warning } from '@perfkeel/core';
import type { Asked } from './ask-items.ts';
import type { McpResult } from './measure-mcp.ts';

const limits = {
  /** Fewer reads say nothing of a share. */
  reads: 20,
  hits: 0.7,
  /** What is read in less needs no cache. */
  read: nanosFromMs(5),
  /** Of what the first read took: what comes out of a cache takes a small part of it. */
  again: 0.5,
} as const;

const middleOf = (asked: readonly Asked[]): number =>
  median(asked.filter(({ item }) => item.kind === 'resource').flatMap(({ times }) => times));

/** Resources that take as long each time as the first time, by a cache that its own counters show to miss. */
export function cacheDiagnosis({ cache, cold, warm }: McpResult): readonly Warning[] {
  if (cache === undefined) return [];
  const { hits, misses } = cache;
  const [first, again] = [middleOf(cold), middleOf(warm)];
  const isUseless = again >= limits.read && again >= limits.again * first;
  if (hits + misses < limits.reads || hits >= limits.hits * (hits + misses) || !isUseless) return [];
  const share = formatQuantity(hits / (hits + misses), 'ratio');
  const reads = `${formatNumber(hits)} of ${formatNumber(hits + misses)}`;
  const times = `${formatQuantity(again, 'ns')} at the median, and ${formatQuantity(first, 'ns')} the first time`;
  return [
    {
      code: 'cache-ineffective',
      message: `the cache answered ${share} of the reads (${reads}), below 70 %; reading a resource again took ${times}: the cache is not functioning`,
      remedies: [
        'Look whether the cache is switched on, and reachable: its address, its credentials.',
        'Look at the lifetime of its entries, at their number, and at what deletes them.',
      ],
    },
  ];
}
