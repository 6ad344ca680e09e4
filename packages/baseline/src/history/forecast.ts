import type { Limit, Prediction } from '@perfkeel/core';
import { scaled, unscaled, type Changes } from './find-changes.ts';
import { lastTrend, type LastTrend } from './last-trend.ts';

/** In how many runs a drift will cross a limit, if it goes on. */
export interface Forecast {
  readonly objective: string;
  /** Runs from the newest until the trend is beyond the limit, and the interval of that number. */
  readonly runs: number;
  readonly lo: number;
  readonly hi: number;
  readonly confidence: number;
}

export const forecastConfidence = 0.9;

/** Nobody knows what comes after as many runs again as the drift has lasted; its latest crossing after twice as many. */
const [farthest, latest] = [2, 4] as const;

/** Of fewer runs a wave of the noise looks like a drift that goes on. */
const fewestRuns = 20;

/**
 * The interval that holds the value of the run that comes `ahead` runs after the newest, if nothing changes.
 *
 * @returns `undefined` with fewer than three runs since the last change
 */
export const predict = (changes: Changes, ahead = 1, confidence = forecastConfidence): Prediction | undefined =>
  predictionOf(changes, lastTrend(changes, confidence), ahead, confidence);

/** The same from the trend, which takes longer than all that is read out of it. */
export function predictionOf(
  changes: Changes,
  trend: LastTrend | undefined,
  ahead = 1,
  confidence = forecastConfidence,
): Prediction | undefined {
  if (!trend) return undefined;
  const [at, reach] = [trend.at(ahead), trend.reach(ahead)];
  const [value, lo, hi] = [at, at - reach, at + reach].map((y) => unscaled(y, changes));
  return { value: value!, lo: lo!, hi: hi!, confidence };
}

/**
 * When a drift will cross a limit that it still keeps. Speaks only of a drift whose slope is beyond doubt, and of a crossing
 * that comes within twice its length, and surely within four times: everything else is silence.
 */
export const forecastCrossing = (changes: Changes, limit: Limit): Forecast | undefined =>
  crossingOf(changes, lastTrend(changes, forecastConfidence), limit);

/** The same from the trend. */
export function crossingOf(changes: Changes, trend: LastTrend | undefined, limit: Limit): Forecast | undefined {
  const upwards = limit.comparator.startsWith('<');
  if (trend?.shape !== 'drift' || trend.points < fewestRuns) return undefined;
  if (limit.comparator === '=' || (changes.logarithmic && limit.value <= 0)) return undefined;
  const towards = upwards ? 1 : -1;
  const distance = towards * (scaled(limit.value, changes) - trend.now);
  const sure = towards * (upwards ? trend.slopeLo : trend.slopeHi) > 0;
  if (!sure || distance <= 0) return undefined;
  const runs = distance / (towards * trend.slope);
  const lo = firstBeyond(trend, towards, distance, 1);
  const hi = firstBeyond(trend, towards, distance, -1);
  if (runs > farthest * trend.points || lo === undefined || hi === undefined) return undefined;
  return { objective: limit.source, runs: Math.max(1, Math.round(runs)), lo, hi, confidence: forecastConfidence };
}

/** The first run after which one edge of the band about the trend is beyond a distance. */
function firstBeyond(trend: LastTrend, towards: number, distance: number, edge: 1 | -1): number | undefined {
  for (let runs = 1; runs <= latest * trend.points; runs++) {
    if (towards * (trend.at(runs) - trend.now) + edge * trend.doubt(runs) >= distance) return runs;
  }
  return undefined;
}
