import { usageError } from '@perfkeel/core';
import type { PreparedRequest } from './prepared-request.ts';

const longestCycle = 1000;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * The order in which requests are sent, as one cycle that repeats: each appears as often as its weight says, and as
 * evenly as it can (the smooth weighted round robin of nginx). Exact shares, so two runs send the same work.
 *
 * @throws PerfError `bad-request` when the weights only come out even in a cycle longer than 1000.
 */
export function mixRequests(requests: readonly PreparedRequest[]): readonly PreparedRequest[] {
  const divisor = requests.map(({ weight }) => weight).reduce(gcd);
  const weights = requests.map(({ weight }) => weight / divisor);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total > longestCycle) {
    throw usageError(`the weights of the requests come out even only every ${total} requests`, {
      code: 'bad-request',
      hint: `Use smaller whole numbers, with a sum of at most ${longestCycle}.`,
      excerpt: 'weight',
    });
  }
  const credit = weights.map(() => 0);
  return Array.from({ length: total }, () => {
    weights.forEach((weight, i) => (credit[i] = credit[i]! + weight));
    const richest = credit.indexOf(Math.max(...credit));
    credit[richest] = credit[richest]! - total;
    return requests[richest]!;
  });
}
