import { leakPoints } from '../analysis/analyze-leak-series.ts';
import { memoryRoom } from '../pace.ts';
import type { Probe } from '../probe.ts';
import type { Work } from '../repeat.ts';
import { growthPerPhase, type PhaseGrowth } from './phase-growth.ts';
import type { PhaseMarks } from './phase-marks.ts';

export interface PhasesTask {
  readonly marks: PhaseMarks;
  /** Each call is a cycle, with its end. */
  readonly work: Work;
  readonly probe: Probe;
  /** What the cycles together should take; they are at least as many as a verdict needs. */
  readonly durationMs: number;
  /** Growth below this many bytes per occurrence is not called a leak. */
  readonly smallest: number;
  /** Iterations that were done before. */
  readonly before: number;
  readonly signal: AbortSignal;
}

/** The first cycles fill what fills once. */
const warmUpCycles = 3;
const patience = 4;
const leastPatienceMs = 20_000;

/** Runs the cycle again and again with a collection at each mark, and tells what each phase keeps. */
export async function measurePhases({ marks, work, probe, ...task }: PhasesTask): Promise<PhaseGrowth[]> {
  await work(warmUpCycles);
  marks.readBy(probe.read);
  try {
    const began = performance.now();
    const start = await probe.read();
    const room = memoryRoom(start, probe.heapLimit());
    const latest = Math.max(patience * task.durationMs, leastPatienceMs);
    for (let cycles = 1; !marks.isFull; cycles++) {
      task.signal.throwIfAborted();
      await work(1);
      const spentMs = performance.now() - began;
      const isFull = (await probe.look()).heap - start.heap - start.external > room;
      if (isFull || spentMs > (cycles < leakPoints ? latest : task.durationMs)) break;
    }
  } finally {
    // What comes after is not about phases, and must not wait for them.
    marks.readBy(undefined);
  }
  return growthPerPhase(marks.steps, task.smallest, task.before);
}
