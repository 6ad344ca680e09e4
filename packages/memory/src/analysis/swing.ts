import type { Increments } from './increments.ts';

/** A container that doubles makes a step of twice the last one. */
const nextStep = 2.2;

/**
 * Bytes by which the last half of a series moves about its growth, and the next step of a container that has made some:
 * what a level may be above the line at whatever moment one looks.
 */
export function swingOf({ iterations, level, jumps }: Increments, slope: number): number {
  const half = Math.floor(level.length / 2);
  const about = level.slice(half).map((bytes, i) => bytes - slope * iterations[half + i]!);
  const largest = Math.max(0, ...jumps.map(({ bytes }) => bytes));
  return Math.max(...about) - Math.min(...about) + nextStep * largest;
}
