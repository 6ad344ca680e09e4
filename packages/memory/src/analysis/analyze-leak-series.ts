import { theilSenSlope, type Estimate } from '@perfkeel/core';
import type { LeakPoint } from '../memory-sample.ts';
import { withBatchMeans } from './batch-means.ts';
import { splitIncrements, type Increments } from './increments.ts';
import { isLearning } from './engine-learning.ts';
import { isRefill } from './refill.ts';
import { isPersistent, smoothGrowth, type SmoothGrowth } from './smooth-growth.ts';
import { hiddenGrowth, mayBeOver, staircaseGrowth } from './staircase.ts';
import { steppedGrowth } from './stepped-growth.ts';
import { swingOf } from './swing.ts';

export type LeakVerdict = 'leak' | 'stable' | 'inconclusive';

/**
 * Why a verdict is what it is.
 *
 * - `steady`: growth that neither stops nor fades (leak)
 * - `staircase`: steps that get higher and wider by a factor, as a container makes that never shrinks (leak)
 * - `flat`: no growth that counts (stable)
 * - `plateaued`: growth that ended (stable)
 * - `decelerating`: growth that fades, and may end or not (inconclusive)
 * - `jumps`: steps without a pattern, or growth below a level that was given back before (inconclusive)
 * - `short`: too few points (inconclusive)
 * - `silent`: worker threads that did not answer (inconclusive)
 */
export type LeakReason = 'steady' | 'staircase' | 'flat' | 'plateaued' | 'decelerating' | 'jumps' | 'short' | 'silent';

/** What a leak series says. */
export interface LeakAnalysis {
  readonly verdict: LeakVerdict;
  readonly reason: LeakReason;
  /**
   * Bytes that each iteration leaves behind. A leak has the interval of its slope; stable code has 0 up to what could
   * not have been seen; an inconclusive series has 0 up to twice the worst that it showed, or no upper bound at all.
   */
  readonly perIteration: Estimate;
  /**
   * Bytes per iteration that would have been seen; below it a leak can be called stable. The floor over the iterations
   * of the last half or, in a series that begins late, what may be filling a container. Infinite for too few points.
   */
  readonly resolution: number;
  /** The least growth over the last half of the series that counted, in bytes. */
  readonly floor: number;
  /** Bytes by which memory moves about its growth, such as the next step of a container: once, not per iteration. */
  readonly swing: number;
}

export interface LeakAnalysisOptions {
  /** Steady growth below this many bytes per iteration is not called a leak. @default 1 */
  readonly smallest?: number;
  /** The least floor in bytes: engines move this much by themselves. @default 32768 */
  readonly floor?: number;
  /** Bytes that the engine may still add by itself, and irregularly: growth within them is not called a leak. @default 0 */
  readonly learning?: number;
  /** Live bytes before the first iteration, from which the first point has grown. @default 0 */
  readonly startedAt?: number;
}

export const defaultSmallest = 1;
export const defaultFloor = 32 * 1024;
/** Below this many points nothing is said. */
export const leastPoints = 16;
/** Below this many points growth is not told from a leak: shorter series raise false alarms. */
export const leakPoints = 40;

interface Facts {
  readonly increments: Increments;
  readonly growth: SmoothGrowth;
  readonly resolution: number;
  readonly smallest: number;
  /** Whether the last half fell, and stayed below what the quarter before it had already reached. */
  readonly revisited: boolean;
  /** Whether the growth is no more than what was given back at some time before: a cache on its way up. */
  readonly refilling: boolean;
  /** Whether growth is no more than the engine may add by itself, and no more regular. */
  readonly learning: boolean;
  /** Bytes of the last half that may be the engine's own. */
  readonly ofEngine: number;
  /** Whether jumps that count may go on. */
  readonly stepping: boolean;
}

type Finding = Pick<LeakAnalysis, 'verdict' | 'reason' | 'perIteration'>;

/**
 * Decides whether memory leaks, from what was alive after each of many equal rounds of work.
 *
 * Significance alone would condemn nearly all code, because live bytes after a forced collection have almost no noise
 * and every engine warms up. So growth must beat a practical floor, and must not fade: a robust slope over the last
 * half (Theil-Sen), its last quarter, the medians of four blocks, and the pattern of jumps all have their say.
 *
 * Pure. At least 40 points for a verdict of leak, 16 for any; noisy or short data are inconclusive and never throw.
 *
 * @param points in the order in which they were measured, with finite numbers and `iterations` ascending
 * @example
 * const points = Array.from({ length: 48 }, (_, i) => ({ iterations: i * 1000, heap: 5e6 + i * 100_000 }));
 * analyzeLeakSeries(points).perIteration.value; // 100
 */
export function analyzeLeakSeries(points: readonly LeakPoint[], options: LeakAnalysisOptions = {}): LeakAnalysis {
  const { smallest = defaultSmallest, floor = defaultFloor, learning = 0, startedAt = 0 } = options;
  if (points.length < leastPoints) return unknownGrowth('short', floor);
  const facts = factsOf(points, { smallest, floor, learning, startedAt });
  const { growth, increments, resolution } = facts;
  const finding = growth.bytes > increments.floor ? judgeSmooth(facts) : judgeSteps(facts);
  const swing = swingOf(increments, finding.verdict === 'leak' ? finding.perIteration.value : 0);
  const tooShort = finding.verdict !== 'stable' && points.length < leakPoints;
  return { ...(tooShort ? undecided('short', 0, Infinity) : finding), resolution, floor: increments.floor, swing };
}

/** Of what nobody could see. */
export const unknownGrowth = (reason: 'short' | 'silent', floor = defaultFloor): LeakAnalysis => ({
  ...undecided(reason, 0, Infinity),
  ...{ resolution: Infinity, floor, swing: Infinity },
});

function factsOf(points: readonly LeakPoint[], options: Required<LeakAnalysisOptions>): Facts {
  const increments = splitIncrements(points, options.floor);
  const growth = smoothGrowth(increments);
  const { iterations, level, jumps, floor } = increments;
  const [quarter, half] = [Math.floor(level.length / 4), Math.floor(level.length / 2)];
  const before = Math.max(...level.slice(quarter, half));
  const tail = level.slice(half);
  const revisited = Math.min(...tail) < before - floor && Math.max(...tail) <= before + floor;
  const gained = Math.max(growth.bytes, level.at(-1)! - level[half]!);
  const stepped = jumps.reduce((sum, { bytes }) => sum + bytes, 0) > floor;
  const stepping = stepped && !mayBeOver(jumps, iterations.at(-1)!);
  return {
    increments,
    growth,
    resolution: Math.max(floor / growth.span, hiddenGrowth(increments, options.startedAt)),
    smallest: options.smallest,
    revisited,
    learning: isLearning(growth, options.learning),
    ofEngine: Math.min(options.learning / 2, growth.bytes / 2),
    refilling: revisited || isRefill(level, options.startedAt, gained, floor),
    stepping,
  };
}

/** Smooth growth that counts: it goes on, it ended, or it fades. */
function judgeSmooth(facts: Facts): Finding {
  const { increments, growth, resolution, smallest, revisited, refilling, stepping } = facts;
  const { slope, last, lastSpan } = growth;
  if (isPersistent(growth, smallest)) {
    if (refilling) return asSeen('jumps', facts);
    return facts.learning ? asSeen('decelerating', facts) : leak('steady', withEngine(withJumps(facts), facts));
  }
  if (!stepping && slope.hi <= smallest) return stable('flat', slope.value, slope.hi + resolution);
  if (revisited) return stable('plateaued', 0, resolution);
  const ended = last.value * lastSpan <= increments.floor / 4;
  if (ended && !stepping) return stable('plateaued', last.value, Math.max(increments.floor / lastSpan, resolution));
  return asSeen(stepping ? 'jumps' : 'decelerating', facts);
}

/** A container steps once or twice while it doubles: so many jumps in the last half are how the leak itself arrives. */
const frequentJumps = 4;

/**
 * The slope of a leak with the jumps that may go on. Large pieces that come with every other round look like jumps, and
 * the slope without them would be too low; a few jumps more only say that growth may be faster.
 */
function withJumps({ increments, growth, stepping }: Facts): Estimate {
  const { iterations, raw, level, smooth, jumps } = increments;
  const half = Math.floor(level.length / 2);
  const late = jumps.filter((jump) => jump.iterations > iterations[half]!);
  const slopeOf = (bytes: readonly number[]): Estimate =>
    theilSenSlope(iterations.slice(half), bytes.slice(half), growth.slope.confidence);
  const widened = (slope: Estimate, bytes: readonly number[]): Estimate =>
    withBatchMeans(slope, iterations.slice(half), bytes.slice(half));
  if (late.length >= frequentJumps) {
    const whole = slopeOf(level);
    const { lo, hi } = growth.slope;
    return widened({ ...whole, lo: Math.min(lo, whole.lo), hi: Math.max(hi, whole.hi) }, level);
  }
  // Lumps of the engine are in the way of a verdict; of a slope they are a part, and its interval knows about them.
  const slope = widened(late.length > 0 ? growth.slope : slopeOf(raw), smooth);
  if (!stepping) return slope;
  // The half may lie between two jumps, and has missed one more of them in any case.
  const last = late.length > 0 ? late : jumps.slice(-1);
  const stepped = last.reduce((sum, { bytes }) => sum + bytes, 0) / growth.span;
  const faster = (stepped * (last.length + 1)) / last.length;
  const usual = steppedGrowth(increments) ?? 0;
  return { ...slope, value: slope.value + usual, hi: slope.hi + Math.max(faster, usual) };
}

/**
 * An engine that still learns adds to every slope: 18 KB over the half in plain servers, however much they keep, and up to
 * 54 in those of a framework. No part of the series tells that from the leak, so that it may be as much less; but not by
 * half, where it is as regular as that.
 */
const withEngine = (slope: Estimate, { growth, ofEngine }: Facts): Estimate => ({
  ...slope,
  lo: Math.max(0, Math.min(slope.lo, slope.value - ofEngine / growth.span)),
});

/** No smooth growth that counts: nothing at all, or steps. */
function judgeSteps(facts: Facts): Finding {
  const { increments, growth, resolution, revisited, refilling, stepping } = facts;
  const { level, floor } = increments;
  const staircase = staircaseGrowth(increments);
  if (staircase && !refilling) return leak('staircase', staircase);
  const tail = level.at(-1)! - level[Math.floor(level.length / 2)]!;
  const settled = tail <= floor && !stepping;
  if (!settled && !revisited) return asSeen('jumps', facts);
  const rose = level.at(-1)! - level[0]! > floor;
  return stable(rose ? 'plateaued' : 'flat', growth.slope.value, resolution);
}

/**
 * What the last half gained, up to twice the fastest growth that it showed and what could have hidden in it. Jumps that
 * may go on count as the container that they would belong to: one that grows by half of what it holds.
 */
function asSeen(reason: LeakReason, { increments, growth, resolution, stepping }: Facts): Finding {
  const { level, jumps } = increments;
  const gained = (level.at(-1)! - level[Math.floor(level.length / 2)]!) / growth.span;
  const stepped = jumps.reduce((sum, { bytes }) => sum + bytes, 0) / ((jumps.at(-1)?.iterations ?? 1) / 2);
  const fastest = Math.max(gained, growth.slope.hi, growth.last.value, stepping ? stepped : 0, 0);
  return undecided(reason, gained, 2 * fastest + resolution);
}

const leak = (reason: LeakReason, perIteration: Estimate): Finding => ({ verdict: 'leak', reason, perIteration });

const bounded = (value: number, hi: number, method: string): Estimate => ({
  value: Math.min(Math.max(value, 0), hi),
  lo: 0,
  hi,
  confidence: 0.99,
  method,
  warnings: [],
});

const stable = (reason: LeakReason, value: number, hi: number): Finding => ({
  verdict: 'stable',
  reason,
  perIteration: bounded(value, hi, 'Theil-Sen slope, resolution'),
});

const undecided = (reason: LeakReason, value: number, hi: number): Finding => ({
  verdict: 'inconclusive',
  reason,
  perIteration: bounded(value, hi, 'growth seen, doubled'),
});
