import { nanos, type Nanos } from '@perfkeel/core';
import { bucketQuantile } from './bucket-quantile.ts';
import type { Gain, SignalInterval } from './signal-recorder.ts';

/** Times that a server measured, in nanoseconds. */
export interface ServerTimes {
  readonly count: number;
  readonly mean: Nanos;
  readonly total: Nanos;
  /** As exact as the buckets are; absent where there are none. */
  readonly p50?: Nanos | undefined;
  readonly p99?: Nanos | undefined;
}

/** What a server told of itself in a stretch of a run. Absent is what it does not tell; shares are in [0, 1]. */
export interface ServerSignals {
  /** Since the start of the run. */
  readonly start: Nanos;
  readonly end: Nanos;
  /** From the arrival of requests to the end of their answers, as the server sees it. */
  readonly handling?: ServerTimes | undefined;
  /** How long work waited for a connection of a pool, and how much of it did at once. */
  readonly poolWait?: ServerTimes | undefined;
  readonly poolWaiting?: { readonly mean: number; readonly max: number } | undefined;
  readonly poolSize?: number | undefined;
  readonly queries?: ServerTimes | undefined;
  readonly cacheHits?: number | undefined;
  readonly cacheMisses?: number | undefined;
  /** What misses of the cache took to be made good. */
  readonly cacheMissTimes?: ServerTimes | undefined;
  /** Garbage collections. */
  readonly collections?: ServerTimes | undefined;
  readonly collectionShare?: number | undefined;
  /** How long something would have waited for the event loop at any moment. */
  readonly loopDelay?: ServerTimes | undefined;
  readonly loopUtilisation?: number | undefined;
  /** How long the event loop was busy. */
  readonly loopActive?: Nanos | undefined;
  readonly heap?: number | undefined;
  readonly heapLimit?: number | undefined;
  /** Processors that were busy with it on average. */
  readonly processors?: number | undefined;
  /** Transactions that were tried again because others had come between. */
  readonly retries?: number | undefined;
  /** Something of what it counts began again at zero, as behind a restart. */
  readonly restarted?: true | undefined;
}

function timesOf(gain: Gain | undefined): ServerTimes | undefined {
  if (gain === undefined) return undefined;
  const { sum, count, buckets } = gain;
  const quantile = (q: number): Nanos | undefined => {
    const value = bucketQuantile(buckets, q);
    return Number.isNaN(value) ? undefined : nanos(value);
  };
  return {
    ...{ count, total: nanos(sum), mean: nanos(count > 0 ? sum / count : 0) },
    ...{ p50: quantile(0.5), p99: quantile(0.99) },
  };
}

/** What happened in an interval, by its meaning. */
export function serverSignals({ start, end, gains, levels, resets }: SignalInterval): ServerSignals {
  const elapsed = Math.max(end - start, 1);
  const value = (signal: string): number | undefined => gains.get(signal)?.value;
  const [active, idle, cpu] = [value('loop-active'), value('loop-idle'), value('cpu')];
  const told = active !== undefined && idle !== undefined && active + idle > 0;
  // Nothing new was written meanwhile, as by a loop that is held up: that is not nothing collected.
  const isStale = active !== undefined && idle !== undefined && !told;
  const collections = isStale ? undefined : timesOf(gains.get('collection'));
  const utilisation = told ? active / (active + idle) : levels.get('loop-utilisation')?.mean;
  return {
    ...{ start, end, collections },
    handling: timesOf(gains.get('handling')),
    poolWait: timesOf(gains.get('pool-wait')),
    poolWaiting: levels.get('pool-waiting'),
    poolSize: levels.get('pool-size')?.max,
    queries: timesOf(gains.get('query')),
    cacheHits: value('cache-hits'),
    cacheMisses: value('cache-misses'),
    cacheMissTimes: timesOf(gains.get('cache-miss')),
    // A loop that tells its time has a clock of its own: it may have been read some moments before.
    collectionShare: collections && collections.total / (told ? active + idle : elapsed),
    loopDelay: timesOf(gains.get('loop-delay')),
    loopUtilisation: utilisation,
    loopActive: told ? nanos(active) : utilisation === undefined ? undefined : nanos(utilisation * elapsed),
    heap: levels.get('heap')?.max,
    heapLimit: levels.get('heap-limit')?.max,
    processors: cpu === undefined || isStale ? undefined : cpu / (told ? active + idle : elapsed),
    retries: value('retries'),
    restarted: resets > 0 ? true : undefined,
  };
}

/** Of two sources the first one counts, where it says anything. */
export function mergeSignals(
  first: ServerSignals | undefined,
  second: ServerSignals | undefined,
): ServerSignals | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const known = Object.entries(first).filter(([, value]) => value !== undefined);
  // The first may have looked for longer: its loop time is that of the span in which the second counted requests.
  const share = Math.min(1, (second.end - second.start) / Math.max(first.end - first.start, 1));
  const loop = first.loopActive === undefined ? {} : { loopActive: nanos(first.loopActive * share) };
  return { ...second, ...Object.fromEntries(known), ...loop, start: second.start, end: second.end };
}
