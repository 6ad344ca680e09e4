import { analyzeChannels, type ChannelAnalysis } from '../analysis/analyze-channels.ts';
import { engineLearning } from '../analysis/engine-learning.ts';
import { thinned } from '../analysis/thinned.ts';
import { analyzeIdle, type IdleGrowth } from '../idle-growth.ts';
import { heapReadingOf } from '../heap-reading-of.ts';
import type { HeapReading } from '../heap-reader.ts';
import { projectGrowth, type Projection } from '../analysis/project-growth.ts';
import type { SoakLine, SoakPhase } from './soak-line.ts';
import { threadsGains, threadsMoved } from './threads-gains.ts';

/** Growth of one life of the target. */
export interface SegmentGrowth {
  readonly segment: string;
  /** Iterations that were looked at, and rounds of them. */
  readonly iterations: number;
  readonly rounds: number;
  /** What was looked at: live data and buffers, or of a target that cannot collect its resident set. */
  readonly channel: 'heap' | 'rss';
  /** Bytes per iteration, of the rounds of work alone. */
  readonly work: ChannelAnalysis;
  /** Bytes per second, of the idle times alone; absent when there were none. */
  readonly idle?: IdleGrowth;
}

export interface SoakAnalysis {
  /** In the order of their begin. */
  readonly segments: readonly SegmentGrowth[];
  /** The segment with the most iterations: what is said of the whole. Absent when there was no round of work. */
  readonly longest?: SegmentGrowth;
  /** The longest segment's growth over the planned iterations, had the target lived that long. */
  readonly projection?: Projection;
}

/**
 * Tells growth per iteration from growth with time, each within one life of the target: a line through two lives would
 * show neither.
 *
 * Pure; `lines` as they were stored.
 *
 * @param planned iterations to project to
 */
export function analyzeSoak(lines: readonly SoakLine[], planned = 0, smallest?: number): SoakAnalysis {
  const names = [...new Set(lines.map(({ segment }) => segment))];
  const segments = names.map((name) =>
    analyzeSegment(
      lines.filter(({ segment }) => segment === name),
      smallest,
    ),
  );
  const worked = segments.filter(({ rounds }) => rounds > 0).sort((a, b) => b.iterations - a.iterations);
  const [longest] = worked;
  return longest === undefined ? { segments } : { segments, longest, projection: projectGrowth(longest.work, planned) };
}

/** Eight hours of a round a minute. */
const mostPoints = 480;

function analyzeSegment(lines: readonly SoakLine[], smallest: number | undefined): SegmentGrowth {
  const work = partOf(lines, 'work', (line, before) => line.iterations - before.iterations);
  const idle = partOf(lines, 'idle', ({ took }) => took / 1e9);
  const seconds = idle.samples.at(-1)?.iterations ?? 0;
  const iterations = work.samples.at(-1)?.iterations ?? 0;
  return {
    segment: lines[0]!.segment,
    iterations,
    rounds: work.samples.length,
    channel: Number.isNaN(work.startedAt.heap) ? 'rss' : 'heap',
    work: analyzeChannels(thinned(work.samples, mostPoints), {
      ...(smallest && { smallest }),
      ...{ startedAt: work.startedAt, learning: engineLearning(iterations) },
    }),
    ...(idle.samples.length > 0 && {
      idle: analyzeIdle(thinned(idle.samples, mostPoints), idle.startedAt, seconds),
    }),
  };
}

interface Part {
  readonly startedAt: HeapReading;
  readonly samples: readonly (HeapReading & { readonly iterations: number })[];
}

/** The steps of one phase put behind one another, as if the other phases had not been. */
function partOf(
  lines: readonly SoakLine[],
  phase: SoakPhase,
  extent: (line: SoakLine, before: SoakLine) => number,
): Part {
  const startedAt = heapReadingOf(lines[0]!);
  let level = startedAt;
  const gains = threadsGains(lines);
  let done = 0;
  const samples = lines.slice(1).flatMap((line, i) => {
    const before = lines[i]!;
    const [from, to] = [heapReadingOf(before), heapReadingOf(line)];
    if (line.phase !== phase) return [];
    level = { ...moved(level, from, to), ...threadsMoved(level, gains[i + 1]!) };
    done += extent(line, before);
    return [{ iterations: done, ...level }];
  });
  return { startedAt, samples };
}

const moved = (level: HeapReading, from: HeapReading, to: HeapReading): HeapReading => ({
  heap: level.heap + to.heap - from.heap,
  external: level.external + to.external - from.external,
  rss: level.rss + to.rss - from.rss,
});
