import { formatNumber, formatQuantity, nanos, nanosFromMs } from '@perfkeel/core';
import type { Analyser } from '../diagnosis.ts';
import { handled, type Facts } from '../facts.ts';

const longWait = nanosFromMs(10);
/** Of the time of a query: who waits as long as that waits for others. */
const shareOfQuery = 0.5;
const queue = 2;

/** By a histogram of waiting, or else by Little's law: as long as the queue is, over the rate at which it moves. */
function waitOf(facts: Facts): number | undefined {
  const { poolWait, poolWaiting, start, end } = facts.server;
  if (poolWait !== undefined) return poolWait.count > 0 ? poolWait.mean : undefined;
  return poolWaiting && (poolWaiting.mean * (end - start)) / Math.max(handled(facts), 1);
}

export const poolExhausted: Analyser = {
  id: 'pool-exhausted',
  causes: ['saturated'],
  lacks: ({ server }) =>
    server.poolWait === undefined && server.poolWaiting === undefined
      ? 'waiting for connections (a histogram such as db_pool_wait_seconds, or a gauge such as db_pool_waiting)'
      : undefined,
  examine(facts) {
    const { poolWaiting, poolSize, queries } = facts.server;
    const wait = waitOf(facts);
    const query = queries !== undefined && queries.count > 0 ? queries.mean : undefined;
    if (wait === undefined || !(wait > Math.max(longWait, shareOfQuery * (query ?? 0)))) return undefined;
    if (poolWaiting !== undefined && poolWaiting.max < queue) return undefined;
    const size = poolSize === undefined ? 'a pooled connection' : `one of ${formatNumber(poolSize)} pooled connections`;
    const most = poolWaiting === undefined ? '' : ` (up to ${formatNumber(poolWaiting.max)} at once)`;
    const ran = query === undefined ? '' : `, while a query took ${formatQuantity(query, 'ns')}`;
    return {
      cost: nanos(Math.min(wait, facts.client.mean)),
      certainty: 'likely',
      evidence: `work waited ${formatQuantity(wait, 'ns')} on average for ${size}${most}${ran}`,
      remedies: [
        'Raise the size of the pool, as far as the database has connections.',
        'Hold connections for a shorter time: do nothing else while one is taken, and shorten its queries.',
      ],
    };
  },
};
