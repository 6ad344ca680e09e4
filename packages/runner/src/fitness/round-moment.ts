import { performance } from 'node:perf_hooks';
import { readThrottling } from './control-group.ts';
import { familyOf, readProcesses, type ProcessTimes } from './process-table.ts';
import { readProcessorTimes, type ProcessorTimes } from './processor-times.ts';
import { readRunQueue, type RunQueue } from './run-queue.ts';

/** Everything that is read of the machine at one moment of a round. */
export interface RoundMoment {
  readonly atMs: number;
  readonly processors: ProcessorTimes;
  /** Milliseconds of processor time of the runner itself. */
  readonly runnerMs: number;
  /** Milliseconds of processor time of the kernel's threads, for whomever. */
  readonly kernelMs: number;
  /** What is measured, and what measures it. */
  readonly own: readonly ProcessTimes[];
  readonly others: readonly ProcessTimes[];
  /** By process id, of the main threads among `own`. */
  readonly queues: ReadonlyMap<number, RunQueue>;
  readonly pausedMs: number;
}

/** Reads them; `undefined` where there is no /proc. @param roots the processes that belong to the round */
export function readMoment(roots: ReadonlySet<number>): RoundMoment | undefined {
  const processors = readProcessorTimes();
  if (processors === undefined) return undefined;
  const table = readProcesses();
  const own = familyOf(roots, table);
  const ids = new Set(own.map(({ pid }) => pid));
  const queues = own.flatMap(({ pid }) => {
    const queue = readRunQueue(pid);
    return queue === undefined ? [] : [[pid, queue] as const];
  });
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    processors,
    runnerMs: (user + system) / 1000,
    kernelMs: table.reduce((sum, { kernel, usedMs }) => (kernel ? sum + usedMs : sum), 0),
    own,
    others: table.filter(({ pid, kernel }) => !kernel && !ids.has(pid) && pid !== process.pid),
    queues: new Map(queues),
    pausedMs: readThrottling().pausedMs,
  };
}
