import {
  formatQuantity,
  hodgesLehmannRatio,
  hodgesLehmannShift,
  median,
  smallestBase,
  type Estimate,
  type Unit,
  type Warning,
} from '@perfkeel/core';

/** Metrics that may be 0 or below, where "three times nothing" is no change that anybody minds. */
const mayVanish: readonly Unit[] = ['ratio', 'B/op', 'B/s'];

/** Whether numbers of this unit are compared by their ratio. */
export const isRatio = (unit: Unit, base: readonly number[], head: readonly number[]): boolean =>
  !mayVanish.includes(unit) && [...base, ...head].every((value) => value > 0);

/** What a change is relative to where that is not base, in words and as the code that programs know it by. */
export function smallBase(unit: Unit, base: readonly number[]): Warning[] {
  const floor = smallestBase(unit);
  if (!(Math.abs(median(base)) < floor)) return [];
  return [{ code: 'small-base', message: `relative to ${formatQuantity(floor, unit)}, since base is less than that` }];
}

/**
 * The relative change from base to head, over rounds: 0.1 means that head is 10 % more.
 *
 * Positive numbers are compared by their ratio. Metrics that can be 0 or below are compared by their difference,
 * divided by the median of base or by a floor for the unit, whichever is larger; it has the warning `small-base` then.
 *
 * @returns an infinite `hi` when there are too few rounds for the confidence
 */
export function effectOf(unit: Unit, base: readonly number[], head: readonly number[], confidence: number): Estimate {
  if (isRatio(unit, base, head)) return hodgesLehmannRatio(base, head, confidence);
  const shift = hodgesLehmannShift(base, head, confidence);
  const scale = Math.max(Math.abs(median(base)), smallestBase(unit));
  return {
    ...shift,
    value: shift.value / scale,
    lo: shift.lo / scale,
    hi: shift.hi / scale,
    method: 'Hodges-Lehmann shift relative to base, rank interval',
    warnings: [...shift.warnings, ...smallBase(unit, base)],
  };
}
