import type { Estimate } from '@perfkeel/core';
import type { MemorySample } from '../memory-sample.ts';
import { analyzeLeakSeries, type LeakAnalysis, type LeakAnalysisOptions } from './analyze-leak-series.ts';

/**
 * Where memory can be kept: as JavaScript data on the heap, as buffers that such data holds outside of it, or anywhere
 * in the process.
 */
export interface LeakChannels<Of> {
  readonly heap: Of;
  readonly external: Of;
  /** The resident set: both of the others and all native memory, as far as its noise shows them. */
  readonly resident: Of;
}

/** What all channels say together, and each by itself. */
export interface ChannelAnalysis extends LeakAnalysis {
  readonly channels: LeakChannels<LeakAnalysis>;
  /** True when the answer is about the resident set: neither the heap nor the buffers grow, or nobody can tell. */
  readonly native: boolean;
}

export interface ChannelOptions extends Pick<LeakAnalysisOptions, 'smallest' | 'floor'> {
  /** Bytes that the engine may still add to the heap by itself. @default 0 */
  readonly learning?: number | undefined;
  /** Live bytes before the first iteration. @default 0 in each */
  readonly startedAt?: Pick<MemorySample, 'heap' | 'external' | 'rss'> | undefined;
}

/** The resident set moves by this much without a reason: pages come and go with collections and threads. */
export const residentFloor = 2 ** 20;

type Reading = Pick<MemorySample, 'iterations' | 'heap' | 'external' | 'rss'>;

/**
 * Decides each channel by itself, so that a quiet one is not blurred by a noisy one, and reports the worse of heap and
 * buffers. Two that both leak add up; one that is undecided widens the interval of the other; one that is stable adds
 * nothing. The resident set speaks only when both are stable and it leaks steadily all the same, native memory, or
 * rises by many megabytes without a pattern. Where
 * `heap` is `NaN`, because only the system tells anything, it is all there is.
 */
export function analyzeChannels(
  samples: readonly Reading[],
  { startedAt, learning = 0, ...options }: ChannelOptions = {},
): ChannelAnalysis {
  const moved = samples.filter(({ iterations }, i) => i === 0 || iterations > samples[i - 1]!.iterations);
  const channel = (name: 'heap' | 'external' | 'rss', floor = options.floor, learned = 0): LeakAnalysis =>
    analyzeLeakSeries(
      moved.map((sample) => ({ iterations: sample.iterations, heap: sample[name] })),
      { ...options, ...(floor === undefined ? {} : { floor }), learning: learned, startedAt: startedAt?.[name] ?? 0 },
    );
  const resident = channel('rss', Math.max(residentFloor, options.floor ?? 0));
  // Another language, or a program without a way in.
  if (moved.some(({ heap }) => Number.isNaN(heap))) {
    const unknown = analyzeLeakSeries([]);
    return { ...resident, channels: { heap: unknown, external: unknown, resident }, native: true };
  }
  const channels = { heap: channel('heap', options.floor, learning), external: channel('external'), resident };
  const native = rise(moved) > notableRise && (isNative(channels) || isOpen(channels));
  const { heap, external } = channels;
  const resolution = Math.max(heap.resolution, external.resolution);
  return { ...(native ? resident : worseOf(channels)), resolution, channels, native };
}

/** No more than the heap and the buffers could be hiding is no finding: it would be theirs. */
function isNative({ heap, external, resident }: LeakChannels<LeakAnalysis>): boolean {
  const quiet = isQuiet({ heap, external });
  const hidden = heap.perIteration.hi + external.perIteration.hi;
  return quiet && resident.verdict === 'leak' && resident.reason === 'steady' && resident.perIteration.lo > hidden;
}

const isQuiet = ({ heap, external }: Omit<LeakChannels<LeakAnalysis>, 'resident'>): boolean =>
  heap.verdict === 'stable' && external.verdict === 'stable';

/**
 * Below this rise of the last half a resident set says nothing beside a quiet heap: churn alone fragments some megabytes,
 * steadily. Above it, in steps or not, it is not stable: another thread's heap grows like that.
 */
const notableRise = 16 * residentFloor;

const isOpen = ({ heap, external, resident }: LeakChannels<LeakAnalysis>): boolean =>
  isQuiet({ heap, external }) && resident.verdict === 'inconclusive';

const rise = (samples: readonly Reading[]): number =>
  (samples.at(-1)?.rss ?? 0) - (samples[Math.floor(samples.length / 2)]?.rss ?? 0);

const severity = { stable: 0, inconclusive: 1, leak: 2 } as const;

function worseOf({ heap, external }: LeakChannels<LeakAnalysis>): LeakAnalysis {
  const [worse, other] = isWorse(external, heap) ? [external, heap] : [heap, external];
  return { ...worse, perIteration: together(worse.perIteration, other), swing: heap.swing + external.swing };
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
