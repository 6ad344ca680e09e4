import type { Estimate } from '@perfkeel/core';
import type { MemorySample } from '../memory-sample.ts';
import { analyzeLeakSeries, type LeakAnalysis, type LeakAnalysisOptions } from './analyze-leak-series.ts';

/** Where memory can be kept: as JavaScript data on the heap, or as buffers that such data holds outside of it. */
export interface LeakChannels<Of> {
  readonly heap: Of;
  readonly external: Of;
}

/** What both channels say together, and each by itself. */
export interface ChannelAnalysis extends LeakAnalysis {
  readonly channels: LeakChannels<LeakAnalysis>;
}

export interface ChannelOptions extends Pick<LeakAnalysisOptions, 'smallest' | 'floor'> {
  /** Live bytes before the first iteration. @default 0 in each */
  readonly startedAt?: LeakChannels<number> | undefined;
}

/**
 * Decides each channel by itself, so that a quiet one is not blurred by a noisy one, and reports the worse. Two that
 * both leak add up; one that is undecided widens the interval of the other; one that is stable adds nothing.
 */
export function analyzeChannels(
  samples: readonly Pick<MemorySample, 'iterations' | 'heap' | 'external'>[],
  { startedAt, ...options }: ChannelOptions = {},
): ChannelAnalysis {
  const channel = (name: keyof LeakChannels<unknown>): LeakAnalysis =>
    analyzeLeakSeries(
      samples.map((sample) => ({ iterations: sample.iterations, heap: sample[name] })),
      { ...options, startedAt: startedAt?.[name] ?? 0 },
    );
  const channels = { heap: channel('heap'), external: channel('external') };
  return { ...worseOf(channels), channels };
}

const severity = { stable: 0, inconclusive: 1, leak: 2 } as const;

function worseOf({ heap, external }: LeakChannels<LeakAnalysis>): LeakAnalysis {
  const [worse, other] = isWorse(external, heap) ? [external, heap] : [heap, external];
  return {
    ...worse,
    perIteration: together(worse.perIteration, other),
    resolution: Math.max(heap.resolution, external.resolution),
  };
}

function isWorse(a: LeakAnalysis, b: LeakAnalysis): boolean {
  const bySeverity = severity[a.verdict] - severity[b.verdict];
  return bySeverity > 0 || (bySeverity === 0 && a.perIteration.hi > b.perIteration.hi);
}

/** An undecided channel has 0 as its lower bound, so only the upper one moves. */
function together(worse: Estimate, { verdict, perIteration }: LeakAnalysis): Estimate {
  if (verdict === 'stable') return worse;
  return {
    ...worse,
    value: worse.value + (verdict === 'leak' || worse.lo === 0 ? perIteration.value : 0),
    lo: worse.lo + perIteration.lo,
    hi: worse.hi + perIteration.hi,
  };
}
