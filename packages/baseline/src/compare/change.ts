import type { Estimate, Unit } from '@perfkeel/core';
import { isRatio } from './effect.ts';
import type { ChangeLimits } from './policy.ts';
import type { RoundValues } from './round-values.ts';
import { movedFloor } from './turns.ts';

/** 1: head is more, -1: head is less, 0: neither is shown. */
export type Direction = -1 | 0 | 1;

/**
 * The least estimate that is called a change, as a share of `warn`. Were it 1, a change of exactly `warn` would be missed
 * every second time, however many rounds there are.
 */
const leastShare = 0.6;

/** What of a change the undisturbed rounds must show. */
const floorShare = 0.5;

/** The smallest estimate that is called a change. */
export const leastChange = ({ warn }: ChangeLimits): number => warn * leastShare;

/** The units in which a busy machine shows. */
export const isTimed = (unit: Unit): boolean => unit === 'ns' || unit === '1/s';

/** What one look sees. */
export interface Look {
  readonly unit: Unit;
  readonly base: RoundValues;
  readonly head: RoundValues;
  readonly effect: Estimate;
  readonly limits: ChangeLimits;
}

/**
 * Which change a look shows, if any: the interval excludes 0, the estimate is large enough to be called a change, and the
 * best rounds of both sides show it, too.
 */
export function shownChange(look: Look): Direction {
  const { effect, limits } = look;
  const direction: Direction = effect.lo > 0 ? 1 : effect.hi < 0 ? -1 : 0;
  const size = Math.abs(effect.value);
  return direction !== 0 && size >= leastChange(limits) && floorMoved(look, direction) ? direction : 0;
}

/**
 * Interference only ever adds time. What really got slower got slower in its best rounds as well; when only the worse
 * rounds of one side differ, something else ran beside them. So the best rounds must have moved by half of the
 * change. Metrics that a busy machine does not touch are exempt.
 */
export function floorMoved({ unit, base, head, effect, limits }: Look, direction: Direction): boolean {
  if (!isTimed(unit) || !isRatio(unit, base.values, head.values)) return true;
  const moved = movedFloor(unit, base, head);
  return direction * moved >= floorShare * Math.max(limits.warn, Math.abs(effect.value));
}

/** Whether the interval lies inside the limits: whatever changed does not matter. */
export const isUnchanged = ({ effect: { lo, hi }, limits: { warn } }: Look): boolean => lo >= -warn && hi <= warn;

/** Whether the change may be as large as what matters: one that surely is smaller is none. */
export const mayMatter = ({ effect: { lo, hi }, limits: { warn } }: Look, direction: Direction): boolean =>
  direction > 0 ? hi > warn : direction < 0 && lo < -warn;
