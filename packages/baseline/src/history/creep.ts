import { median, type Creep, type Milestone } from '@perfkeel/core';
import { effectOf } from '../compare/effect.ts';
import { newsOf } from './change-point.ts';
import type { Changes } from './find-changes.ts';
import type { HistorySeries } from './history-series.ts';

/** What has become of a series since a milestone, with the levels that it went from and to. */
export interface LevelCreep extends Creep {
  readonly before: number;
  readonly after: number;
}

/** Runs of one level that stand for it. */
const runsOfLevel = 8;

/**
 * The change of a series since a milestone: the runs of its level up to it against the newest ones of the present level.
 *
 * @param machineChanges places at which the machine changed, and not the code
 * @returns `undefined` when the series has no point for the milestone, or none after it
 */
export function creepSince(
  series: HistorySeries,
  changes: Changes,
  milestone: Milestone,
  machineChanges: readonly number[] = [],
): LevelCreep | undefined {
  const at = series.points.findLastIndex(
    ({ run, sha }) => run === milestone.run || (milestone.sha !== undefined && sha === milestone.sha),
  );
  const newest = series.points.length - 1;
  if (at < 0 || at === newest) return undefined;
  const values = series.points.map(({ value }) => value);
  const startOf = (place: number): number =>
    changes.segments.find(({ from, to }) => from <= place && place < to)?.from ?? 0;
  const before = values.slice(Math.max(startOf(at), at - runsOfLevel + 1), at + 1);
  const after = values.slice(Math.max(at + 1, startOf(newest), newest - runsOfLevel + 1));
  const effect = effectOf(series.unit, before, after, 0.95);
  const news = newsOf(series.better, effect.value);
  const machine = machineChanges.some((place) => place > at) ? ({ machineChanged: true } as const) : {};
  const levels = { before: median(before), after: median(after) };
  return { since: milestone.name, runs: newest - at, ...levels, effect, news, ...machine };
}
