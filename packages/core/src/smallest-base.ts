import type { Estimate } from './estimate.ts';
import type { Unit } from './units.ts';

const floors: Readonly<Record<Unit, number>> = {
  ns: 1,
  B: 1024,
  '1/s': 1,
  ratio: 0.01,
  count: 1,
  'B/op': 16,
  'B/s': 1024,
};

/**
 * What a change of a metric that may be 0 is held against when it was smaller than this: one per cent of failures, 16
 * bytes an operation. The relative change of almost nothing is noise.
 */
export const smallestBase = (unit: Unit): number => floors[unit];

/** How to tell a relative change as what was added to base, or taken from it. */
export interface Difference {
  readonly unit: Unit;
  /** What a relative change of 1 is, in that unit. */
  readonly whole: number;
}

/**
 * How a change is told when per cent would mislead: that of a share in points, and any other one whose base is too small
 * for a ratio by its size, since nobody sees what it is relative to.
 *
 * @param level of base
 * @param isSmall whether the change is relative to `smallestBase` instead
 * @returns `undefined` when per cent of base say what it is
 */
export function differenceFrom(unit: Unit, level: number, isSmall: boolean): Difference | undefined {
  const floor = smallestBase(unit);
  return unit === 'ratio' || isSmall ? { unit, whole: isSmall ? floor : Math.max(Math.abs(level), floor) } : undefined;
}

/** Whether base was so small that a change is relative to that floor, of which no reader knows. */
export const isSmallBase = ({ warnings }: Pick<Estimate, 'warnings'>): boolean =>
  warnings.some(({ code }) => code === 'small-base');
