import { runInThisContext } from 'node:vm';
import { nanosFromMs } from '@perfkeel/core';
import { agentSource } from './agent-source.ts';
import { threadsSource } from './threads-source.ts';
import type { Collection, CollectionKind, MemoryReading } from './memory-target.ts';

/** What an agent tells, in the units of the engine: milliseconds and bytes. */
export interface AgentReading {
  readonly now: number;
  readonly heapData: number;
  readonly heapOld: number;
  readonly heapUsed: number;
  readonly heapLimit: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly rss: number;
  /** Of a collection, where there are worker threads. */
  readonly threads?: number;
  readonly silentThreads?: number;
  readonly handles: Readonly<Record<string, number>>;
  /** Start, duration, kind and flags of each. */
  readonly collections: readonly (readonly [number, number, number, number])[];
  readonly dropped: number;
}

export type AgentMethod = 'read' | 'collect' | 'release' | 'watch' | 'snapshot';

/** Asks an agent, wherever it is. Rejects when it cannot be asked any more. */
export type AgentCall = (method: AgentMethod, ...args: unknown[]) => Promise<unknown>;

interface Agent {
  read(): AgentReading;
  collect(): Promise<AgentReading>;
  release(): void;
  watch(on: boolean): void;
  snapshot(file: string): void;
}

/** What worker threads tell of themselves; neither where there are none. */
export type ThreadsReading = Pick<MemoryReading, 'threads' | 'silentThreads'>;

/** Collects the garbage of the worker threads of this one, and asks them for their live bytes. */
export type ThreadsCall = () => Promise<ThreadsReading | undefined> | undefined;

export function threadsHere(): ThreadsCall {
  const create = runInThisContext(threadsSource) as (
    get: (name: string) => unknown,
    agent: string,
  ) => { collect: ThreadsCall };
  return create((name) => process.getBuiltinModule(name), agentSource).collect;
}

/** An agent in this process and thread. */
export function agentHere(): AgentCall {
  const create = runInThisContext(agentSource) as (get: (name: string) => unknown) => Agent;
  const agent = create((name) => process.getBuiltinModule(name));
  return (method, ...args) => Promise.resolve().then((): unknown => agent[method](args[0] as never));
}

/** `performance.constants`: those of a minor mark-sweep are newer than Node 20. */
const kinds: Readonly<Record<number, CollectionKind>> = {
  1: 'minor',
  2: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weak-callbacks',
};

/** NODE_PERFORMANCE_GC_FLAGS_FORCED and _ALL_AVAILABLE_GARBAGE, the latter of an inspector. */
const forcedFlags = 4 | 16;

/** What an agent told, in the units of this project. */
export function readingOf({ now, collections, ...told }: AgentReading): MemoryReading {
  const collected = collections.map(([start, duration, kind, flags]): Collection => ({
    age: nanosFromMs(Math.max(0, now - start)),
    pause: nanosFromMs(duration),
    kind: kinds[kind] ?? 'major',
    forced: (flags & forcedFlags) !== 0,
  }));
  return { ...told, answered: true, collections: collected };
}
