import { msFromNanos, type DurationText, type Nanos, type Warning } from '@perfkeel/core';
import { analyzeChannels } from './analysis/analyze-channels.ts';
import type { LeakReport } from './detect-leak.ts';
import { heapReadingOf } from './heap-reading-of.ts';
import type { HeapReading } from './heap-reader.ts';
import type { MemorySample } from './memory-sample.ts';
import { grownSince, memoryRoom } from './pace.ts';
import type { Probe } from './probe.ts';
import type { Work } from './repeat.ts';
import type { SoakLine } from './soak/soak-line.ts';
import { soak, type SoakReport } from './soak/soak.ts';
import type { MemoryTarget } from './target/memory-target.ts';
import { thisProcess } from './target/this-process.ts';
import { workFor } from './work-for.ts';

export interface SoakTask {
  readonly work: Work;
  /** Calls of it that may be under way at once. */
  readonly clients: number;
  /** @default this process */
  readonly target: MemoryTarget | undefined;
  /** Where its rounds are kept; it goes on behind what is there. */
  readonly checkpoint: string;
  readonly length: DurationText;
  readonly smallest: number;
  readonly probe: Probe;
  /** Before the first iteration: what may be kept alive is counted from there. */
  readonly startedAt: HeapReading;
  readonly signal: AbortSignal;
  readonly onRound: (line: SoakLine) => void;
}

/** What a long look found, over all processes that looked. */
export interface SoakGrowth {
  readonly report: LeakReport;
  readonly remarks: readonly Warning[];
}

/** Short enough to lose little of hours, long enough to cost nothing. Tests have less time. */
const everyMs = Number(process.env['PERFKEEL_CHECKPOINT_MS'] ?? 60_000);
/** A look of fewer rounds is over soon, and begins anew when it is interrupted. */
const leastRounds = 10;

const lookEveryMs = 1000;

/** Whether a look of this length is worth being kept while it goes on. */
export const isSoak = (length: Nanos): boolean => msFromNanos(length) >= leastRounds * everyMs;

/**
 * Looks for growth over hours, in rounds that are stored as they end. Whoever continues it goes on with a new process, in
 * which memory begins elsewhere: what is decided is decided of the longest life.
 */
export async function soakGrowth(task: SoakTask): Promise<SoakGrowth> {
  const { work, clients, checkpoint, length, smallest, signal, onRound } = task;
  const began = performance.now();
  const target = task.target ?? thisProcess();
  const full = new AbortController();
  const room = memoryRoom(task.startedAt, task.probe.heapLimit());
  const least = task.startedAt.heap + task.startedAt.external;
  const report = await soak({
    ...{ target, for: length, every: `${everyMs}ms`, checkpoint, resume: true, smallest },
    signal: AbortSignal.any([signal, full.signal]),
    during: (round) => {
      let looked = performance.now();
      // Garbage counts here: a round that ends early is collected behind it.
      const onBlock = async (): Promise<boolean> => {
        if (performance.now() - looked < lookEveryMs) return false;
        looked = performance.now();
        return (await task.probe.look()).heap - least > room;
      };
      return workFor(work, { ms: msFromNanos(round.length), clients, signal: round.signal, onBlock });
    },
    onLine: (line) => {
      if (grownSince(task.startedAt, heapReadingOf(line)) > room) full.abort();
      onRound(line);
    },
  });
  signal.throwIfAborted();
  // What the cycle threw is told as it is.
  if (report.ended !== undefined) throw report.ended.code === 'work-failed' ? report.ended.cause : report.ended;
  return { report: asLeakReport(report, performance.now() - began, full.signal.aborted), remarks: livesOf(report) };
}

function asLeakReport(
  { lines, longest, soaked, iterations }: SoakReport,
  durationMs: number,
  isFull: boolean,
): LeakReport {
  const own = lines.filter(({ segment }) => segment === longest?.segment);
  const startedAt = heapReadingOf(own[0] ?? {});
  const samples = own.filter(({ phase }) => phase !== 'begin').map(sampleOf);
  const end = heapReadingOf(own.at(-1) ?? {});
  return {
    ...(longest?.work ?? analyzeChannels([])),
    ...{ samples, startedAt, durationMs, heap: end.heap, rss: end.rss },
    iterations: longest?.iterations ?? 0,
    iterationsPerSample: Math.round((longest?.iterations ?? 0) / Math.max(1, samples.length)),
    warmUpIterations: iterations - (longest?.iterations ?? 0),
    plannedMs: msFromNanos(soaked),
    ...(isFull ? { stoppedBy: 'memory' as const } : {}),
  };
}

export const sampleOf = (line: SoakLine): MemorySample => ({
  ...{ at: line.at, iterations: line.iterations },
  ...heapReadingOf(line),
});

/** Said where there was more than one life. */
function livesOf({ segments, longest, iterations }: SoakReport): Warning[] {
  if (segments.length < 2 || longest === undefined) return [];
  const share = Math.round((100 * longest.iterations) / Math.max(1, iterations));
  const message = `interrupted ${segments.length - 1} times: what is said is of the longest life, ${share} % of all iterations`;
  return [{ code: 'several-lives', message }];
}
