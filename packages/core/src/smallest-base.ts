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

/** Whether base was so small that a change is relative to that floor, of which no reader knows. */
export const isSmallBase = ({ warnings }: Pick<Estimate, 'warnings'>): boolean =>
  warnings.some(({ code }) => code === 'small-base');
