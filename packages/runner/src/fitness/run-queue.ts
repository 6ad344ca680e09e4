import { readText, type ReadText } from './read-text.ts';

/** How long a thread has run, and how long it could have run and had no processor. Milliseconds. */
export interface RunQueue {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** Reads /proc/<pid>/schedstat: nanoseconds on a processor, nanoseconds on a run queue, number of turns. */
export function parseRunQueue(text: string): RunQueue | undefined {
  const [ran, waited] = text.split(/\s+/).map(Number);
  return Number.isFinite(ran) && Number.isFinite(waited) ? { ranMs: ran! / 1e6, waitedMs: waited! / 1e6 } : undefined;
}

/** Of the main thread of a process, where its JavaScript runs; `undefined` where the kernel does not count it. */
export function readRunQueue(pid: number, read: ReadText = readText): RunQueue | undefined {
  const text = read(`/proc/${pid}/schedstat`);
  return text === undefined ? undefined : parseRunQueue(text);
}
