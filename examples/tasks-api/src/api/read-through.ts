import type { Cache } from './cache.ts';
import type { Metrics } from './metrics.ts';

/** A text, and whether the cache had it. */
export interface CachedText {
  readonly text: string;
  readonly cache: 'hit' | 'miss';
}

/** Reads from the cache, and behind it from where the truth is; what was read is kept. */
export function createReadThrough(cache: Cache, metrics: Metrics) {
  return async (key: string, read: () => Promise<unknown>): Promise<CachedText> => {
    const kept = await cache.get(key);
    if (kept !== undefined) {
      metrics.hits.inc();
      return { text: kept, cache: 'hit' };
    }
    metrics.misses.inc();
    const done = metrics.missCost.startTimer();
    const text = JSON.stringify(await read());
    done();
    await cache.set(key, text);
    return { text, cache: 'miss' };
  };
}
