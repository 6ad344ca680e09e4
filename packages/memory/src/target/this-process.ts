import { agentHere } from './agent.ts';
import { agentTarget } from './agent-target.ts';
import type { MemoryTarget } from './memory-target.ts';
import { segmentOf, startOf } from './process-facts.ts';

/**
 * This process and thread. What measures in it is measured too.
 *
 * @example
 * const target = thisProcess();
 * const { heapData } = await target.collect();
 */
export function thisProcess(): MemoryTarget {
  const { pid } = process;
  const call = agentHere();
  return agentTarget({
    kind: 'self',
    what: 'this process',
    pid,
    segment: segmentOf(pid, startOf(pid) ?? String(Math.round(performance.timeOrigin))),
    call,
    ended: new Promise(() => undefined),
    close: async () => {
      await Promise.all([call('watch', false), call('release')]);
    },
  });
}
