import { median, normalQuantile, theilSenSlope } from '@perfkeel/core';
import { studentQuantile } from '../compare/student-t.ts';
import type { Changes } from './find-changes.ts';

/** Where a history is heading: the level or the line since its last change, on the scale of `Changes.calm`. */
export interface LastTrend {
  readonly shape: 'level' | 'drift';
  /** Points that it rests on. */
  readonly points: number;
  /** The level at the last point. */
  readonly now: number;
  /** Change per run; 0 for a level. */
  readonly slope: number;
  readonly slopeLo: number;
  readonly slopeHi: number;
  /** Standard deviation of a run about the trend. */
  readonly scatter: number;
  /** Where the trend is after some more runs. */
  at(runs: number): number;
  /** Half of the interval that holds the trend itself. */
  doubt(runs: number): number;
  /** Half of the interval that holds the next value after that many runs. */
  reach(runs: number): number;
}

/** Pairs of points grow with the square: a line through the last of them is as good. */
const mostPoints = 300;
const fewestPoints = 3;

/**
 * The trend since the last change point: the median of a level, Theil and Sen's line of a drift, with Sen's interval of the
 * slope, widened where neighbours say the same.
 *
 * @param confidence of every interval
 * @returns `undefined` with fewer than three points since the last change
 */
export function lastTrend(changes: Changes, confidence: number): LastTrend | undefined {
  const segment = changes.segments.at(-1);
  if (!segment || segment.to - segment.from < fewestPoints) return undefined;
  const ys = changes.calm.slice(Math.max(segment.from, segment.to - mostPoints), segment.to);
  return segment.shape === 'drift' ? driftTrend(ys, changes, confidence) : levelTrend(ys, changes, confidence);
}

function levelTrend(ys: readonly number[], changes: Changes, confidence: number): LastTrend {
  const n = ys.length;
  const now = ys.reduce((sum, y) => sum + y, 0) / n;
  const scatter = scatterOf(
    ys.map((y) => y - now),
    1,
    changes.noise.sigma,
  );
  const wide = studentQuantile(confidence, n - 1 + priorFreedom);
  const ofMean = scatter * Math.sqrt(changes.noise.inflation / n);
  return {
    shape: 'level',
    points: n,
    now,
    slope: 0,
    slopeLo: 0,
    slopeHi: 0,
    scatter,
    at: () => now,
    doubt: () => wide * ofMean,
    reach: () => wide * Math.hypot(scatter, ofMean),
  };
}

function driftTrend(ys: readonly number[], changes: Changes, confidence: number): LastTrend {
  const n = ys.length;
  const { inflation, sigma } = changes.noise;
  const { value, lo, hi } = theilSenSlope([...ys.keys()], ys, confidence);
  const now = median(ys.map((y, i) => y + value * (n - 1 - i)));
  const scatter = scatterOf(
    ys.map((y, i) => y - now + value * (n - 1 - i)),
    2,
    sigma,
  );
  const widening = Math.sqrt(inflation);
  const wide = studentQuantile(confidence, n - 2 + priorFreedom);
  const ofSlope = (widening * (hi - lo)) / 2 / normalQuantile((1 + confidence) / 2);
  const ofMiddle = scatter * Math.sqrt(inflation / n);
  const ofTrend = (runs: number): number => Math.hypot(ofMiddle, ofSlope * (runs + (n - 1) / 2));
  return {
    shape: 'drift',
    points: n,
    now,
    slope: value,
    slopeLo: value - (value - lo) * widening,
    slopeHi: value + (hi - value) * widening,
    scatter,
    at: (runs) => now + value * runs,
    doubt: (runs) => wide * ofTrend(runs),
    reach: (runs) => wide * Math.hypot(scatter, ofTrend(runs)),
  };
}

/** How many residuals the noise of the whole history counts for. */
const priorFreedom = 4;

/** The scatter of residuals, moderated by the noise of the whole history: few points say little of it. */
function scatterOf(residuals: readonly number[], fitted: number, sigma: number): number {
  const squares = residuals.reduce((sum, residual) => sum + residual * residual, 0);
  return Math.sqrt((priorFreedom * sigma ** 2 + squares) / (priorFreedom + Math.max(0, residuals.length - fitted)));
}
