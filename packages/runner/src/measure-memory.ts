import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { GCProfiler, getHeapSpaceStatistics, getHeapStatistics, type GCProfilerResult } from 'node:v8';
import { metrics, type Declaration, type RoundContext, type RoundMeasurement, type RoundResult } from '@perfkeel/core';

type Measured = Pick<Declaration, 'memory' | 'metrics' | 'instrument'>;

/**
 * One round, with what its declaration wants to know of memory. What the instrument measures itself stays as it is. The
 * heap is read when the instrument has ended, so that no forced collection falls into what it times.
 */
export async function measureWithMemory(declaration: Measured, context: RoundContext): Promise<RoundResult> {
  const { memory, instrument } = declaration;
  if (memory === undefined || memory === false) return instrument(context);
  const { pid } = context.target ?? {};
  return pid === undefined ? measureHere(declaration, context) : measureTarget(declaration, context, pid);
}

async function measureHere(declaration: Measured, context: RoundContext): Promise<RoundResult> {
  const watch = new AllocationWatch();
  let result: RoundResult;
  try {
    result = await declaration.instrument({ ...context, counting: (moment) => watch.counting(moment) });
  } finally {
    watch.stop();
  }
  const operations = operationsOf(result);
  const { round, counted } = watch;
  const maxRss = process.resourceUsage().maxRSS * 1024;
  return withMissing(declaration, result, [
    [metrics.heap.id, await liveHeap(context)],
    [metrics.maxRss.id, maxRss],
    [metrics.allocated.id, operations === undefined ? undefined : counted && counted.bytes / operations],
    [metrics.collectionTime.id, Math.min(1, (counted ?? round).pausedMs / (counted ?? round).ms)],
  ]);
}

async function measureTarget(declaration: Measured, context: RoundContext, pid: number): Promise<RoundResult> {
  const result = await declaration.instrument(context);
  return withMissing(declaration, result, [[metrics.maxRss.id, peakOf(pid)]]);
}

type Told = readonly (readonly [id: string, value: number | undefined])[];

function withMissing({ metrics: named }: Measured, result: RoundResult, told: Told): RoundResult {
  const isMissing = (id: string): boolean =>
    named.some((metric) => metric.id === id) && !result.measurements.some(({ metric }) => metric === id);
  const more = told.flatMap(([metric, value]): RoundMeasurement[] =>
    value !== undefined && isMissing(metric) ? [{ metric, data: { kind: 'exact', value } }] : [],
  );
  return { ...result, measurements: [...result.measurements, ...more] };
}

/** Attempts, where a round counts them. */
function operationsOf({ measurements }: RoundResult): number | undefined {
  const data = measurements.find(({ metric }) => metric === metrics.errors.id)?.data;
  return data?.kind === 'count' && data.trials > 0 ? data.trials : undefined;
}

/** The engine keeps some kilobytes about each collection until it is asked for them. */
const askEveryMs = 2000;

/** Bytes that were allocated on the heap in so many milliseconds, and for how many of them it was collected. */
interface Allocation {
  bytes: number;
  pausedMs: number;
  ms: number;
}

/** What is allocated on the heap is the sum of all its rises between two collections. */
class AllocationWatch {
  readonly round: Allocation = { bytes: 0, pausedMs: 0, ms: 0 };
  /** Of the counted operations alone; absent as long as nobody said when they are. */
  counted: Allocation | undefined;
  #isCounting = false;
  #profiler: GCProfiler | undefined;
  #heap = 0;
  #since = 0;
  readonly #timer = setInterval(() => this.#next(), askEveryMs).unref();

  constructor() {
    this.#begin();
  }

  counting(moment: 'begins' | 'ends'): void {
    this.#book();
    this.counted ??= { bytes: 0, pausedMs: 0, ms: 0 };
    this.#isCounting = moment === 'begins';
    this.#begin();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#book();
  }

  #next(): void {
    this.#book();
    this.#begin();
  }

  #begin(): void {
    this.#profiler = new GCProfiler();
    this.#profiler.start();
    this.#since = performance.now();
    this.#heap = usedHeap();
  }

  #book(): void {
    const end = usedHeap();
    const ms = performance.now() - this.#since;
    const statistics = this.#profiler?.stop().statistics ?? [];
    this.#profiler = undefined;
    const bytes = risesBetween(this.#heap, statistics, end);
    // The engine counts microseconds.
    const pausedMs = statistics.reduce((sum, { cost }) => sum + cost, 0) / 1000;
    for (const sum of this.#isCounting ? [this.round, this.counted!] : [this.round]) {
      sum.bytes += bytes;
      sum.pausedMs += pausedMs;
      sum.ms += ms;
    }
  }
}

const usedHeap = (): number => getHeapStatistics().used_heap_size;

function risesBetween(start: number, collections: GCProfilerResult['statistics'], end: number): number {
  let [low, sum] = [start, 0];
  for (const { beforeGC, afterGC } of collections) {
    sum += Math.max(0, beforeGC.heapStatistics.usedHeapSize - low);
    low = afterGC.heapStatistics.usedHeapSize;
  }
  return sum + Math.max(0, end - low);
}

/** Compiled code comes and goes with what the engine thinks of a function. */
const codeSpace = /^(?:code_|read_only_|trusted_|shared_trusted_)/;
const settleMs = 10;

/** Live JavaScript data after a full collection; `undefined` where none can be forced. */
async function liveHeap(context: RoundContext): Promise<number | undefined> {
  if (typeof globalThis.gc !== 'function') return undefined;
  // Finalisers run in a later turn; what they free is found by the second collection.
  context.collectGarbage();
  await delay(settleMs);
  context.collectGarbage();
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => !codeSpace.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** The largest resident set of another process, as Linux tells it; `undefined` elsewhere, and once it has ended. */
function peakOf(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
