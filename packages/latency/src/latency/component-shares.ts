import { createHistogram, type Histogram } from '@perfkeel/core';
import type { ComponentTimes } from './component-marks.ts';

/** The quantiles of the whole that are taken apart. */
export const takenApart = [
  { name: 'p50', q: 0.5 },
  { name: 'p99', q: 0.99 },
] as const;

/** One component of all calls that succeeded. */
export interface LatencyComponent {
  readonly component: string;
  /** Nanoseconds of each call in this component; 0 for a call that never marked it. */
  readonly time: Histogram;
  /** Its mean share, in [0, 1], of the calls near each quantile of the whole: those of all components add up to 1. */
  readonly shares: { readonly p50: number; readonly p99: number };
}

/** Fewer calls than this are an anecdote. */
const fewestCalls = 5;
/** At most so far from the quantile, as a share of all calls. */
const reach = 0.05;

/** The ranks, from 0 and without the last one, of the calls near a quantile. */
export interface RankWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * The calls that stand for quantile `q` of `n` calls in ascending order: those whose rank is within 5 % of it, and no
 * further than the maximum is; at least five. So the middle tenth stands for p50, and the slowest 2 % for p99.
 */
export function callsNear(q: number, n: number): RankWindow {
  const half = Math.min(reach, 1 - q);
  const [low, high] = [Math.round((q - half) * n), Math.round((q + half) * n)];
  const size = Math.min(n, Math.max(high - low, fewestCalls));
  const middle = (low + high) / 2;
  const from = Math.min(Math.max(Math.round(middle - size / 2), 0), n - size);
  return { from, to: from + size };
}

/**
 * Takes the calls apart: per component its times, and its shares of p50 and p99. A component that no call marked is left
 * out; so is everything when there are no calls.
 *
 * A share is the mean over calls of the component's part of its call, and not a ratio of sums: one call of a second among
 * calls of a millisecond would otherwise speak alone.
 */
export function takeApart({ names, calls, times, totals, marked }: ComponentTimes, last: string): LatencyComponent[] {
  const order = ascendingOrder(totals, calls);
  if (order.length === 0) return [];
  return names.flatMap((component, column) => {
    if (marked[column] === 0 && component !== last) return [];
    const time = createHistogram();
    for (let call = 0; call < calls; call++) time.record(times[call * names.length + column]!);
    const share = (q: number): number => {
      const { from, to } = callsNear(q, order.length);
      let sum = 0;
      for (const call of order.subarray(from, to)) sum += times[call * names.length + column]! / totals[call]!;
      return sum / (to - from);
    };
    return [{ component, time, shares: { p50: share(0.5), p99: share(0.99) } }];
  });
}

/** The calls from the fastest to the slowest. Those of no time at all, on a coarse clock, have no parts. */
function ascendingOrder(totals: Float64Array, calls: number): Uint32Array {
  const order = new Uint32Array(calls);
  let kept = 0;
  for (let call = 0; call < calls; call++) if (totals[call]! > 0) order[kept++] = call;
  return order.subarray(0, kept).sort((a, b) => totals[a]! - totals[b]!);
}
