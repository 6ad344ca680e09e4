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
