import { PerfError } from '@perfkeel/core';
import type { MemoryTarget } from '../target/memory-target.ts';
import { ownProcess, type SnapshotSource } from './snapshot-source.ts';

/**
 * A target whose heap can be written down: a child of Node, a process that is attached to, a worker, this process.
 *
 * @throws PerfError `no-snapshot` for any other: nobody inside can be asked.
 * @example
 * await takeSnapshot('near.heapsnapshot.br', { source: snapshotOf(target) });
 */
export function snapshotOf(target: MemoryTarget): SnapshotSource {
  if (target.kind === 'self') return ownProcess;
  if (target.writeSnapshot === undefined) {
    throw new PerfError(`the heap of process ${target.pid} cannot be written down: nobody inside can be asked`, {
      code: 'no-snapshot',
      hint: 'Start it with startChild({ module }), or attach to it: attachTo({ pid }).',
    });
  }
  return {
    pid: target.pid,
    writeSnapshot: async (file) => target.writeSnapshot?.(file),
    heapUsed: async () => (await target.read()).heapUsed ?? 0,
  };
}
