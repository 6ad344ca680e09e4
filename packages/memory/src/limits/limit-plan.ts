import { parseDuration, parseSize, usageError, type DurationText, type PerfError, type SizeText } from '@perfkeel/core';
import { planChild, type ChildOptions, type ChildPlan } from '../target/child-plan.ts';
import type { MemoryTarget } from '../target/memory-target.ts';
import { timerMs } from '../target/timer.ts';
import { approachShares, type Approach } from './approaches.ts';

export interface LimitOptions extends ChildOptions {
  /** Of the old generation of a Node program's heap; whole MiB, at least 16. */
  readonly heapLimit?: SizeText | undefined;
  /** Of all memory of a program in any language and of what it starts; needs `cgroup`. Linux. */
  readonly memoryLimit?: SizeText | undefined;
  /** A folder of the control group file system in which groups may be made. */
  readonly cgroup?: string | undefined;
  /** What is done meanwhile. @default the program works until it ends */
  readonly during?: ((target: MemoryTarget, signal: AbortSignal) => unknown) | undefined;
  /** @default '60s' */
  readonly timeout?: DurationText | undefined;
  /** From one sample to the next. @default '100ms' */
  readonly interval?: DurationText | undefined;
  /**
   * Writes the heap down once, compressed, into the folder `in`, when so much of the limit is reached first. What it needs
   * counts against a control group, and up to 14 times the heap must be free. @default no snapshot; at 0.7
   */
  readonly snapshot?: { readonly in: string; readonly at?: (typeof approachShares)[number] } | undefined;
  /** Called at 70, 85 and 95 % of the limit: asks the program to clean up, where that is to be measured. */
  readonly onApproach?: ((approach: Approach, target: MemoryTarget) => unknown) | undefined;
}

export interface LimitPlan {
  readonly child: ChildPlan;
  /** Bytes. */
  readonly limit: number;
  readonly kind: 'heap' | 'memory';
  readonly cgroup: string | undefined;
  readonly timeoutMs: number;
}

const wrong = (message: string, hint: string, excerpt: string): PerfError =>
  usageError(message, { code: 'bad-option', hint, excerpt });

const isSnapshotPlan = ({ in: folder, at = 0.7 }: NonNullable<LimitOptions['snapshot']>): boolean =>
  typeof folder === 'string' && folder !== '' && approachShares.includes(at);

const mebibyte = 2 ** 20;
const leastHeap = 16 * mebibyte;

/** @throws PerfError `bad-option`, `bad-target` or `bad-quantity`, exit code 2. */
export function planLimit(options: LimitOptions): LimitPlan {
  const { heapLimit, memoryLimit, cgroup, snapshot } = options;
  if (snapshot !== undefined && !isSnapshotPlan(snapshot))
    throw wrong('a snapshot at no known share', "Write snapshot: { in: '.perf/heap', at: 0.85 }.", 'snapshot');
  if ((heapLimit === undefined) === (memoryLimit === undefined)) {
    throw wrong('a limit is either of the heap or of all memory', "Write heapLimit: '64MiB'.", 'runWithLimit(');
  }
  const child = planChild(options);
  const timeoutMs = timerMs(parseDuration(options.timeout ?? '60s') / 1e6);
  if (memoryLimit !== undefined) {
    if (cgroup === undefined)
      throw wrong('memoryLimit needs a cgroup', 'Name a folder that may be written.', 'memoryLimit');
    return { child, kind: 'memory', limit: parseSize(memoryLimit), cgroup, timeoutMs };
  }
  const limit = Math.floor(parseSize(heapLimit!) / mebibyte) * mebibyte;
  if (limit < leastHeap) throw wrong(`heapLimit is ${heapLimit}`, 'Node itself needs 16MiB.', 'heapLimit');
  if (!child.isNode) throw wrong('heapLimit is for programs of Node', 'Use memoryLimit for others.', 'heapLimit');
  return { child, kind: 'heap', limit, cgroup: undefined, timeoutMs };
}
