import type { Estimate } from '@perfkeel/core';
import type { MemorySample } from '../memory-sample.ts';
import {
  analyzeLeakSeries,
  unknownGrowth,
  type LeakAnalysis,
  type LeakAnalysisOptions,
} from './analyze-leak-series.ts';

/**
 * Where memory can be kept: as JavaScript data on the heap, as buffers that such data holds outside of it, as either of
 * worker threads, or anywhere in the process.
 */
export interface LeakChannels<Of> {
  readonly heap: Of;
  readonly external: Of;
  /** Data and buffers of all worker threads together; absent where there were none. */
  readonly threads?: Of;
  /** The resident set: all of the others and all native memory, as far as its noise shows them. */
  readonly resident: Of;
}

/** What all channels say together, and each by itself. */
export interface ChannelAnalysis extends LeakAnalysis {
  readonly channels: LeakChannels<LeakAnalysis>;
  /** True when the answer is about the resident set: nothing else grows, or nobody can tell. */
  readonly native: boolean;
}

export interface ChannelOptions extends Pick<LeakAnalysisOptions, 'smallest' | 'floor'> {
  /** Bytes that the engine may still add to the heap by itself. @default 0 */
  readonly learning?: number | undefined;
  /** Live bytes before the first iteration. @default 0 in each */
  readonly startedAt?: Omit<Reading, 'iterations'> | undefined;
}

/** The resident set moves by this much without a reason: pages come and go with collections and threads. */
export const residentFloor = 2 ** 20;

type Reading = Pick<MemorySample, 'iterations' | 'heap' | 'external' | 'rss' | 'threads' | 'silentThreads'>;

/**
 * Decides each channel by itself, so that a quiet one is not blurred by a noisy one, and reports the worst of heap, buffers
 * and threads. Those that leak add up; one that is undecided widens the interval of another; one that is stable adds
 * nothing. The resident set speaks only when all are stable and it leaks steadily all the same, native memory, or
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
  const hasThreads = moved.some(({ threads, silentThreads }) => threads !== undefined || silentThreads !== undefined);
  const before = isHeard(startedAt ?? {}) ? startedAt?.threads : undefined;
  const threads = hasThreads ? threadsChannel(moved, { ...options, learning, startedAt: before }) : undefined;
  const inside = { heap: channel('heap', options.floor, learning), external: channel('external') };
  const channels = { ...inside, ...(threads === undefined ? {} : { threads }), resident };
  const native = rise(moved) > notableRise && (isNative(channels) || isOpen(channels));
  const finding = native ? resident : worstOf(channels);
  const seen = isTold(finding) ? insideOf(channels).filter(isTold) : [finding];
  return { ...finding, resolution: Math.max(...seen.map((each) => each.resolution)), channels, native };
}

/**
 * A thread that begins later was nothing before; one that was there from the start, and could not be asked then, was not:
 * the first look at it says from what it has grown. Its engine learns as the other one does. Where some thread did not
 * answer, growth may have gone unseen: what was heard can then tell a leak, and nothing else.
 */
function threadsChannel(
  samples: readonly Reading[],
  { startedAt, ...options }: Omit<ChannelOptions, 'startedAt'> & { readonly startedAt?: number | undefined },
): LeakAnalysis {
  const points = samples.filter(isHeard).map(({ iterations, threads = 0 }) => ({ iterations, heap: threads }));
  const { smallest, floor, learning = 0 } = options;
  const analysis = analyzeLeakSeries(points, {
    ...(smallest === undefined ? {} : { smallest }),
    ...(floor === undefined ? {} : { floor }),
    learning,
    startedAt: startedAt ?? points[0]?.heap ?? 0,
  });
  return analysis.verdict !== 'leak' && isMostlySilent(samples) ? unknownGrowth('silent') : analysis;
}

const isHeard = ({ silentThreads = 0 }: Pick<Reading, 'silentThreads'>): boolean => silentThreads === 0;

/** A few looks between others are missed without harm; not the last one, nor many of the half that decides. */
function isMostlySilent(samples: readonly Reading[]): boolean {
  const late = samples.slice(Math.floor(samples.length / 2));
  return !isHeard(late.at(-1) ?? {}) || late.filter(isHeard).length < 0.75 * late.length;
}

/** No more than the heap and the buffers could be hiding is no finding: it would be theirs. */
function isNative(channels: LeakChannels<LeakAnalysis>): boolean {
  const { resident } = channels;
  const hidden = insideOf(channels)
    .filter(isTold)
    .reduce((sum, { perIteration }) => sum + perIteration.hi, 0);
  return (
    isQuiet(channels) &&
    resident.verdict === 'leak' &&
    resident.reason === 'steady' &&
    resident.perIteration.lo > hidden
  );
}

/** What tells of itself, the heap first. */
const insideOf = ({ heap, external, threads }: LeakChannels<LeakAnalysis>): LeakAnalysis[] =>
  threads === undefined ? [heap, external] : [heap, external, threads];

/** Of threads that are silent, the resident set may tell. */
const isTold = ({ reason }: LeakAnalysis): boolean => reason !== 'silent';

const isQuiet = (channels: LeakChannels<LeakAnalysis>): boolean =>
  insideOf(channels)
    .filter(isTold)
    .every(({ verdict }) => verdict === 'stable');

/**
 * Below this rise of the last half a resident set says nothing beside a quiet heap: churn alone fragments some megabytes,
 * steadily. Above it, in steps or not, it is not stable: the heap of a thread that nobody can ask grows like that.
 */
const notableRise = 16 * residentFloor;

/** Beside threads that are silent nothing is bounded: what they keep may have fitted into the pages that there were. */
const isOpen = (channels: LeakChannels<LeakAnalysis>): boolean =>
  insideOf(channels).every(isTold) && isQuiet(channels) && channels.resident.verdict === 'inconclusive';

const rise = (samples: readonly Reading[]): number =>
  (samples.at(-1)?.rss ?? 0) - (samples[Math.floor(samples.length / 2)]?.rss ?? 0);

const severity = { stable: 0, inconclusive: 1, leak: 2 } as const;

function worstOf(channels: LeakChannels<LeakAnalysis>): LeakAnalysis {
  const inside = insideOf(channels);
  const worst = inside.reduce((worse, each) => (isWorse(each, worse) ? each : worse));
  const others = inside.filter((each) => each !== worst);
  const swing = inside.reduce((sum, each) => sum + each.swing, 0);
  const isLeak = worst.verdict === 'leak';
  const perIteration = others.reduce((sum, each) => together(sum, each, isLeak), worst.perIteration);
  return { ...worst, perIteration, swing };
}

function isWorse(a: LeakAnalysis, b: LeakAnalysis): boolean {
  const bySeverity = severity[a.verdict] - severity[b.verdict];
  return bySeverity > 0 || (bySeverity === 0 && a.perIteration.hi > b.perIteration.hi);
}

/** An undecided channel has 0 as its lower bound, so only the upper one moves. */
function together(worse: Estimate, { verdict, perIteration }: LeakAnalysis, besideLeak: boolean): Estimate {
  if (verdict === 'stable') return worse;
  return {
    ...worse,
    value: worse.value + (verdict === 'leak' || !besideLeak ? perIteration.value : 0),
    lo: worse.lo + perIteration.lo,
    hi: worse.hi + perIteration.hi,
  };
}
