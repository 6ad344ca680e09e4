import { performance } from 'node:perf_hooks';
import type { ApiOptions } from './options.ts';

/** Objects of the last requests: what is garbage at once costs the collector nothing. */
const kept: unknown[][] = [];
const mostKept = 50;

/** What is to go wrong in each request, by the switches of the start. */
export function commitFaults({
  blockLoopMs,
  garbageObjects,
}: Pick<ApiOptions, 'blockLoopMs' | 'garbageObjects'>): void {
  if (garbageObjects > 0) {
    kept.push(Array.from({ length: garbageObjects }, (_, i) => ({ index: i, text: `object ${i}` })));
    if (kept.length > mostKept) kept.shift();
  }
  const until = performance.now() + blockLoopMs;
  while (performance.now() < until);
}

export type QueryFaults = Pick<ApiOptions, 'slowQueryMs' | 'slowQueryEach' | 'awayAfterMs' | 'awayForMs'>;

/**
 * What is to go wrong in each query: it returns how many milliseconds the next one takes longer.
 *
 * @throws Error of its own while the database is away
 */
export function queryFaults({ slowQueryMs, slowQueryEach, awayAfterMs, awayForMs }: QueryFaults): () => number {
  let asked = 0;
  let first: number | undefined;
  return () => {
    const since = performance.now() - (first ??= performance.now());
    if (awayForMs > 0 && since >= awayAfterMs && since < awayAfterMs + awayForMs) throw away();
    return ++asked % slowQueryEach === 0 ? slowQueryMs : 0;
  };
}

const away = (): Error => Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' });
