import type { HeapReader, HeapReading } from './heap-reader.ts';
import type { Work } from './repeat.ts';

/** How work runs: what one block of it cost. */
export interface Pace {
  readonly msPerCall: number;
  /** Bytes inside and outside the heap that each call of the block left behind. */
  readonly growth: number;
  /** What the collection and the reading after it cost. */
  readonly pauseMs: number;
}

/** A block of iterations and the reading after it. */
export interface Block {
  readonly pace: Pace;
  /** Iterations that its calls completed. */
  readonly completed: number;
  readonly reading: HeapReading;
}

export interface WarmUp {
  readonly calls: number;
  /** Iterations that they completed. */
  readonly iterations: number;
  /** As the last block ran. */
  readonly pace: Pace;
  readonly before: HeapReading;
  readonly after: HeapReading;
}

const warmUpShare = 0.06;
/**
 * What a cycle may leave behind while it is measured, per millisecond and in all: enough to see a leak, and little
 * enough that collections stay cheap.
 */
const bytesPerMs = 8 * 2 ** 10;
const mostBytes = 64 * 2 ** 20;
/** The measurement is longer than the warm-up by this factor, so that a container that doubles shows four steps. */
const stepsFactor = 16;
/** What an engine may add in one block by compiling; not held against the cycle. */
const compilingBytes = 256 * 2 ** 10;
const blockFactor = 4;

/** Planned for a leak, of what there is room for: the rest is for a pace that was measured a little wrong. */
const roomShare = 0.75;

const allowedBytes = (durationMs: number): number => Math.min(durationMs * bytesPerMs, mostBytes);
/** Where only the system tells anything, what the process has. */
const footprint = ({ heap, external, rss }: HeapReading): number => (Number.isNaN(heap) ? rss : heap + external);

export const grownSince = (start: HeapReading, now: HeapReading): number => footprint(now) - footprint(start);

/** Runs so many calls, then collects and reads. */
export async function runBlock(work: Work, times: number, read: HeapReader, before: HeapReading): Promise<Block> {
  const began = performance.now();
  const completed = await work(times);
  const ended = performance.now();
  const reading = await read();
  const pace = {
    msPerCall: Math.max((ended - began) / times, 1e-6),
    growth: Math.max(grownSince(before, reading), 0) / times,
    pauseMs: performance.now() - ended,
  };
  return { pace, reading, completed };
}

/**
 * Runs ever longer blocks until the warm-up's share of the time is spent, or memory grows so fast that it is time to
 * count. The very first iteration loads modules and fills connection pools: nothing of it is held against the cycle.
 */
export async function warmUp(work: Work, read: HeapReader, durationMs: number): Promise<WarmUp> {
  const before = await read();
  let last = await runBlock(work, 1, read, before);
  let [times, calls, iterations] = [1, 1, last.completed];
  let ms = durationMs * warmUpShare;
  let bytes = allowedBytes(durationMs) / stepsFactor;
  do {
    last = withoutCompiling(await runBlock(work, times, read, last.reading), times);
    calls += times;
    iterations += last.completed;
    ms -= times * last.pace.msPerCall;
    bytes -= times * last.pace.growth;
    times = nextBlock(times, Math.min(ms / last.pace.msPerCall, bytes / Math.max(last.pace.growth, 1e-9)));
  } while (times > 0);
  return { calls, iterations, pace: last.pace, before, after: last.reading };
}

function withoutCompiling({ pace, ...block }: Block, times: number): Block {
  return { ...block, pace: { ...pace, growth: Math.max(pace.growth - compilingBytes / times, 0) } };
}

/** Longer by a factor, within the iterations that are left; 0 when a remainder would measure the pace worse. */
function nextBlock(times: number, left: number): number {
  return left < times / 2 ? 0 : Math.floor(Math.min(times * blockFactor, Math.max(left, 1)));
}

export interface PaceLimits {
  readonly durationMs: number;
  readonly samples: number;
  /** Bytes per iteration that must be seen. */
  readonly smallest: number;
  readonly floor: number;
  /** Bytes at which the measurement would end by itself. */
  readonly room: number;
}

/**
 * Calls between two samples: as many as the time allows, but no more than show growth twenty times smaller than
 * anyone asks about, and no more than memory has room for when the cycle does leak.
 */
export function planIterations(pace: Pace, warmedUp: number, limits: PaceLimits): number {
  const { durationMs, samples, smallest, floor, room } = limits;
  const runningMs = durationMs * (1 - warmUpShare) - samples * pace.pauseMs;
  // However dear the collections are, a quarter of the time goes to the work itself.
  const byTime = Math.max(runningMs, durationMs / 4) / samples / pace.msPerCall;
  const byResolution = (2 * 20 * floor) / smallest / samples;
  const bySteps = (stepsFactor * warmedUp) / samples;
  const bytes = Math.min(allowedBytes(durationMs), roomShare * room);
  const byMemory = pace.growth > 0 ? bytes / samples / pace.growth : Infinity;
  return Math.max(1, Math.floor(Math.min(byTime, Math.max(byResolution, bySteps), byMemory)));
}

/** What may be kept alive before the measurement ends by itself: half of what is free below the heap's limit. */
export function memoryRoom(start: HeapReading, heapLimit: number): number {
  return Math.max(0, (heapLimit - footprint(start)) / 2);
}
