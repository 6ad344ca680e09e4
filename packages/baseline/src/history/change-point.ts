import {
  median,
  type Better,
  type ChangeNews,
  type ChangePoint,
  type CommitPlace,
  type Drift,
  type Estimate,
  type HistoryPoint,
} from '@perfkeel/core';
import { effectOf } from '../compare/effect.ts';
import { mean, unscaled, type Changes } from './find-changes.ts';
import type { HistorySeries } from './history-series.ts';
import { costsOf, leastLevel, type Segment } from './segment-history.ts';

const placeOf = ({ run, sha }: HistoryPoint): CommitPlace => ({ run, ...(sha === undefined ? {} : { sha }) });

export const newsOf = (better: Better, change: number): ChangeNews => {
  if (better === 'neither' || change === 0) return 'neither';
  return (better === 'lower') === change > 0 ? 'worse' : 'better';
};

/** More runs of a level say little more of it, and cost their square. */
const mostRuns = 40;

/** Runs at either end of a drift whose median is its level there: a line has none. */
const endRuns = 5;

/** Steps of a series: where one level ends and another begins. */
export function changePointsOf(series: HistorySeries, changes: Changes): ChangePoint[] {
  return changes.segments.slice(1).flatMap((right, i) => {
    const left = changes.segments[i]!;
    const step = left.shape === 'level' && right.shape === 'level';
    return step || jumps(changes, left, right) ? [changePoint(series, changes, left, right)] : [];
  });
}

/** Whether a drift begins or ends with a step, and not with a bend: by more than four standard deviations of its end. */
function jumps({ calm, noise, least }: Changes, left: Segment, right: Segment): boolean {
  const [ends, begins] = [
    calm.slice(Math.max(left.from, left.to - endRuns), left.to),
    calm.slice(right.from, right.from + endRuns),
  ];
  const deviation = noise.sigma * Math.sqrt(noise.inflation * (1 / ends.length + 1 / begins.length));
  const size = Math.abs(median(begins) - median(ends));
  return size > Math.max(Math.log1p(least), 4 * deviation * Math.sqrt(Math.PI / 2));
}

function changePoint(series: HistorySeries, changes: Changes, left: Segment, right: Segment): ChangePoint {
  const values = series.points.map(({ value }) => value);
  const most = (segment: Segment): number => (segment.shape === 'drift' ? endRuns : mostRuns);
  const before = values.slice(Math.max(left.from, left.to - most(left)), left.to);
  const after = values.slice(right.from, Math.min(right.to, right.from + most(right)));
  const effect = widened(effectOf(series.unit, before, after, 0.95), changes.noise.inflation);
  const places = placesOf(changes, left, right);
  const point = series.points[right.from]!;
  return {
    index: right.from,
    run: point.run,
    at: point.at,
    range: { after: placeOf(series.points[places[0] - 1]!), upTo: placeOf(series.points[places[1]]!) },
    places,
    before: median(before),
    after: median(after),
    effect,
    news: newsOf(series.better, effect.value),
  };
}

/** An interval for independent runs, made wider where neighbours say the same. */
function widened(effect: Estimate, inflation: number): Estimate {
  const wide = Math.sqrt(inflation);
  const { value, lo, hi } = effect;
  return { ...effect, lo: value - (value - lo) * wide, hi: value + (hi - value) * wide };
}

/**
 * The cost, in units of the noise, by which a place of the change may be worse than the best: the 95 % point of the
 * likelihood ratio of a place (Hansen, "Sample Splitting and Threshold Estimation", Econometrica 68, 2000, table I).
 */
const placeDoubt = 7.35;

function placesOf({ calm, noise }: Changes, left: Segment, right: Segment): readonly [number, number] {
  if (left.shape === 'drift' || right.shape === 'drift') return [right.from, right.from];
  const costs = costsOf(calm);
  const unit = noise.sigma ** 2 * noise.inflation;
  const costAt = (place: number): number => (costs.level(left.from, place) + costs.level(place, right.to)) / unit;
  const best = costAt(right.from);
  const fits = (place: number): boolean => costAt(place) - best <= placeDoubt;
  let [first, last] = [right.from, right.from];
  while (first - 1 >= left.from + 1 && fits(first - 1)) first--;
  while (last + 1 <= right.to - Math.min(leastLevel, right.to - right.from) && fits(last + 1)) last++;
  return [first, last];
}

/** A drift with the values at both ends of the line through it. */
export interface LevelDrift extends Drift {
  readonly before: number;
  readonly after: number;
}

/** Drifts of a series, oldest first. */
export function driftsOf(series: HistorySeries, changes: Changes): LevelDrift[] {
  return changes.segments.flatMap((segment) => {
    if (segment.shape !== 'drift') return [];
    const { total, before, after } = lineOf(changes, segment);
    return [
      {
        from: placeOf(series.points[segment.from]!),
        to: placeOf(series.points[segment.to - 1]!),
        runs: segment.to - segment.from,
        ...{ total, before, after },
        news: newsOf(series.better, total),
        goesOn: segment.to === series.points.length,
      },
    ];
  });
}

/** The ends of the line through a drift, and what it gains from one to the other, relative to where it begins. */
function lineOf(changes: Changes, { from, to }: Segment): Pick<LevelDrift, 'total' | 'before' | 'after'> {
  const ys = changes.calm.slice(from, to);
  const middle = (ys.length - 1) / 2;
  const squares = (ys.length * (ys.length ** 2 - 1)) / 12;
  const slope = ys.reduce((sum, y, i) => sum + (i - middle) * y, 0) / squares;
  const gained = slope * (ys.length - 1);
  const begins = mean(ys) - gained / 2;
  const [before, after] = [begins, begins + gained].map((y) => unscaled(y, changes));
  return { total: changes.logarithmic ? Math.expm1(gained) : gained, before: before!, after: after! };
}
