import { setTimeout as sleep } from 'node:timers/promises';
import { formatQuantity, type Estimate } from '@perfkeel/core';
import { residentFloor } from '../analysis/analyze-channels.ts';
import { memoryRoom } from '../pace.ts';
import type { Footprint, Probe } from '../probe.ts';
import type { Work } from '../repeat.ts';
import { workFor } from '../work-for.ts';

/** What became of the memory that a load took, in bytes. */
export interface GivenBack {
  /** The most that was taken above what was there before. */
  readonly gained: number;
  /** What was still taken afterwards; below 0 when there is less than before. */
  readonly kept: number;
  /** Share of what was gained that was given back, in [0, 1], with what noise leaves open. */
  readonly share: Estimate;
}

/** How well memory is cleaned up behind a load. */
export interface LoadCleanUp {
  /** Heap and buffers; absent where only the system tells anything. */
  readonly heap?: GivenBack | undefined;
  readonly rss: GivenBack;
  /** What the load took, and how long nothing was asked after it. */
  readonly loadMs: number;
  readonly waitedMs: number;
}

export interface CleanUpTask {
  readonly work: Work;
  readonly probe: Probe;
  /** Calls of the work that may be under way at once. */
  readonly clients: number;
  readonly loadMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 50;
/** What a heap moves by without a reason: code that was compiled meanwhile among other things. */
const heapFloor = 256 * 1024;

/**
 * Loads without a forced collection, waits, collects once, and tells the share of what was gained that is gone: garbage
 * is part of what a load takes, and an idle process keeps it, so that everything is judged behind the collection.
 */
export async function measureCleanUp({ work, probe, signal, ...task }: CleanUpTask): Promise<LoadCleanUp> {
  signal.throwIfAborted();
  const room = memoryRoom(await probe.read(), probe.heapLimit());
  const before = await probe.look();
  const began = performance.now();
  const peaks = watchPeaks(probe, before);
  // What leaks must not run out of memory here: its verdict would be lost.
  const onBlock = async (): Promise<boolean> => (await peaks.look()).heap - before.heap > room;
  try {
    await workFor(work, { ms: task.loadMs, clients: task.clients, signal, onBlock });
  } finally {
    peaks.stop();
  }
  signal.throwIfAborted();
  const loadMs = performance.now() - began;
  await sleep(task.waitMs, undefined, { signal });
  const waitedMs = performance.now() - began - loadMs;
  await probe.read();
  const after = await probe.look();
  const { most } = peaks;
  const heap = Number.isNaN(before.heap) ? undefined : givenBack(before.heap, most.heap, after.heap, heapFloor);
  return { heap, rss: givenBack(before.rss, most.rss, after.rss, residentFloor), loadMs, waitedMs };
}

/** Looks as the load goes on, and when it is told to: work without a pause lets no timer run. */
function watchPeaks(probe: Probe, before: Footprint) {
  const most = { ...before };
  const look = async (): Promise<Footprint> => {
    const now = await probe.look();
    most.heap = Math.max(most.heap, now.heap);
    most.rss = Math.max(most.rss, now.rss);
    return now;
  };
  // What cannot be read will fail the work too.
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  return { most, look, stop: () => clearInterval(timer) };
}

/** Pure. @param noise bytes by which each of the three may be off */
export function givenBack(before: number, most: number, after: number, noise: number): GivenBack {
  const [gained, kept] = [most - before, after - before];
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  const common = { confidence: 0.99, method: 'share of the memory that a load gained', warnings: [] };
  if (gained <= 2 * noise) {
    const size = (bytes: number): string => formatQuantity(bytes, 'B');
    const message = `a load that takes more memory: this one took ${size(Math.max(0, gained))}, and ${size(2 * noise)} could be noise`;
    const open = { ...common, value: 1, lo: 0, hi: 1, warnings: [{ code: 'too-few-samples', message }] };
    return { gained, kept, share: open };
  }
  const value = within(1 - kept / gained);
  const [lo, hi] = [within(1 - (kept + noise) / gained), within(1 - (kept - noise) / gained)];
  return { gained, kept, share: { ...common, value, lo: Math.min(lo, value), hi: Math.max(hi, value) } };
}
