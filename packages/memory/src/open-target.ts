import { PerfError, type Warning } from '@perfkeel/core';
import { attachTo } from './target/attach-to.ts';
import type { MemoryTarget } from './target/memory-target.ts';
import { watchPid } from './target/watch-pid.ts';

export interface OpenTarget {
  readonly target: MemoryTarget;
  readonly warnings: readonly Warning[];
}

/**
 * The process of a target: a program of Node is asked over its inspector, any other is read through the system, which
 * shows its resident set alone.
 */
export async function openTarget(pid: number): Promise<OpenTarget> {
  try {
    return { target: await attachTo({ pid }), warnings: [] };
  } catch (error) {
    if (!(error instanceof PerfError && error.code === 'no-inspector')) throw error;
    const message = `only the resident set could be read, without collections: ${error.message}`;
    return { target: watchPid(pid), warnings: [{ code: 'resident-set-only', message }] };
  }
}
