import { setImmediate as turn } from 'node:timers/promises';
import type { Work } from './repeat.ts';

export interface WorkForOptions {
  /** Time for all calls: the last ones may end later. */
  readonly ms: number;
  /** Ends it earlier, once so many iterations are done. @default none */
  readonly iterations?: number | undefined;
  /** Calls that may be under way at once: fewer at a time would leave clients idle. @default 1 */
  readonly clients?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called behind every block; true ends it. */
  readonly onBlock?: (() => boolean | Promise<boolean>) | undefined;
}

const blockMs = 50;
const blockFactor = 4;

/**
 * Calls for so long, in blocks between which the process turns to other things; at least one. A call may be many
 * iterations, such as a whole load: what it completes is counted, and never asked for in hundreds.
 *
 * @returns iterations that were completed
 */
export async function workFor(work: Work, options: WorkForOptions): Promise<number> {
  const { ms, iterations = Infinity, clients = 1, signal, onBlock } = options;
  const until = performance.now() + ms;
  let [calls, done] = [clients, 0];
  for (;;) {
    const began = performance.now();
    done += await work(calls);
    const now = performance.now();
    await turn();
    const isOver = (await onBlock?.()) ?? false;
    if (isOver || now >= until || done >= iterations || signal?.aborted) return done;
    const byTime = (calls * Math.min(blockMs, until - now)) / Math.max(now - began, 1e-3);
    calls = Math.max(clients, Math.floor(Math.min(calls * blockFactor, byTime, iterations - done)));
  }
}
