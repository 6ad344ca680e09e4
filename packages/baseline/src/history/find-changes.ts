import { median } from '@perfkeel/core';
import { calmOutliers } from './calm-outliers.ts';
import { noiseOf, type Noise } from './noise.ts';
import { costsOf, leastDrift, segmentHistory, type Segment } from './segment-history.ts';

export interface ChangeOptions {
  /** Smaller changes are none, as a share of the level before. @default 0.02 */
  readonly least?: number | undefined;
  /** What a change is held against when the level before is smaller, for metrics that may be 0. @default 1 */
  readonly floor?: number | undefined;
}

/** A history taken apart. Places are indexes of points. */
export interface Changes {
  /** Without gaps, in order. */
  readonly segments: readonly Segment[];
  /** Points that stand alone. */
  readonly outliers: readonly number[];
  readonly noise: Noise;
  /** The smallest change that was looked for, as a share of the level before. */
  readonly least: number;
  /** Whether values were taken apart on a logarithmic scale: so are all that are positive. */
  readonly logarithmic: boolean;
  /** What a value was divided by when the scale is not logarithmic, else 1. */
  readonly scale: number;
  /** The history on that scale, in the order of the points, lone outliers pulled in; `noise` is in its unit. */
  readonly calm: readonly number[];
}

export const defaultLeast = 0.02;

/** Metrics that may be 0 are taken apart as they are: three times nothing is no change that anybody minds. */
export const isLogarithmic = (values: readonly number[]): boolean => values.every((value) => value > 0);

/** A value on the scale of `Changes.calm`, and back. */
export const scaled = (value: number, { logarithmic, scale }: Changes): number =>
  logarithmic ? Math.log(value) : value / scale;
export const unscaled = (value: number, { logarithmic, scale }: Changes): number =>
  logarithmic ? Math.exp(value) : value * scale;

/**
 * Takes a history apart into levels and drifts: changes of level that noise does not make, tested by what lies on both
 * sides, and at least `least` large. Lone outliers make none; three runs make the shortest level.
 *
 * @param values one finite number a run, in the order of the code
 */
export function findChanges(values: readonly number[], options: ChangeOptions = {}): Changes {
  const { least = defaultLeast, floor = 1 } = options;
  const logarithmic = isLogarithmic(values);
  const scale = logarithmic ? 1 : Math.max(floor, Math.abs(median(values) || 0));
  const scaled = values.map((value) => (logarithmic ? Math.log(value) : value / scale));
  // A step of `least` is then eight standard deviations where nothing scatters.
  const rough = noiseOf(scaled, Math.max(least, 1e-6) / 8);
  const { values: calm, outliers } = calmOutliers(scaled, rough.sigma);
  const unit = rough.sigma * Math.sqrt(rough.inflation);
  const points = calm.map((value) => value / unit);
  const piece = pieceCost(points.length);
  const found = segmentHistory(points, { piece, slope: piece });
  const segments = confirmed(points, found, Math.sqrt(piece), Math.log1p(least) / unit);
  return { segments, outliers, noise: rough, least, logarithmic, scale, calm };
}

/**
 * Twice the logarithm of the length, as for any criterion that is consistent (Yao, 1988), plus what keeps false changes of
 * short histories below one in a thousand points.
 */
const pieceCost = (n: number): number => 4 + 2 * Math.log(Math.max(n, 150));

/** Removes the weakest boundary until all that are left are beyond `least` and `score`. */
function confirmed(points: readonly number[], found: readonly Segment[], score: number, least: number): Segment[] {
  const costs = costsOf(points);
  const shaped = (from: number, to: number): Segment => {
    const gain = to - from < leastDrift ? 0 : costs.level(from, to) - costs.drift(from, to);
    return { from, to, shape: gain > score * score && gained(gain, to - from) >= least ? 'drift' : 'level' };
  };
  let segments = found.map((segment) => (segment.shape === 'drift' ? shaped(segment.from, segment.to) : segment));
  for (;;) {
    const strengths = segments.slice(1).map((right, i) => strength(points, segments[i]!, right, score, least));
    const weakest = strengths.reduce((at, value, i) => (value < strengths[at]! ? i : at), 0);
    if (strengths.length === 0 || strengths[weakest]! >= 1) return segments;
    const joined = shaped(segments[weakest]!.from, segments[weakest + 1]!.to);
    segments = [...segments.slice(0, weakest), joined, ...segments.slice(weakest + 2)];
  }
}

/** What a regression line rises from end to end, from what it saves in squared distances: `slope^2 (n^3 - n) / 12`. */
const gained = (saved: number, n: number): number => Math.sqrt((12 * saved) / (n ** 3 - n)) * (n - 1);

/** From 1 upwards, a boundary stands. Those of drifts stand as they were found. */
function strength(points: readonly number[], left: Segment, right: Segment, score: number, least: number): number {
  if (left.shape === 'drift' || right.shape === 'drift') return 1;
  const [before, after] = [points.slice(left.from, left.to), points.slice(right.from, right.to)];
  const size = Math.abs(mean(after) - mean(before));
  return Math.min(size / least, Math.abs(moderatedScore(before, after)) / score);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** How many points the noise of the whole history counts for beside those of one level. */
const prior = 12;

function moderatedVariance(values: readonly number[]): { readonly variance: number; readonly freedom: number } {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const freedom = prior + values.length - 1;
  return { variance: (prior + squares) / freedom, freedom };
}

/**
 * Welch's t between two levels, as a standard normal score (Wallace, 1959). Each level has a variance of its own,
 * moderated by that of the whole history, 1: of three points alone little could be said (Smyth, 2004).
 */
function moderatedScore(before: readonly number[], after: readonly number[]): number {
  const [a, b] = [moderatedVariance(before), moderatedVariance(after)];
  const [va, vb] = [a.variance / before.length, b.variance / after.length];
  const t = (mean(after) - mean(before)) / Math.sqrt(va + vb);
  const freedom = (va + vb) ** 2 / (va ** 2 / a.freedom + vb ** 2 / b.freedom);
  const score = Math.sqrt(freedom * Math.log1p((t * t) / freedom));
  return Math.sign(t) * score * ((8 * freedom + 1) / (8 * freedom + 3));
}
