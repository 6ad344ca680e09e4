import type { Estimate } from '@perfkeel/core';
import type { Increments, Jump } from './increments.ts';
import { steppedGrowth } from './stepped-growth.ts';

/** Steps needed to see that they grow by a factor, as arrays (1.5) and hash tables (2) do, and steps looked at. */
const leastSteps = 3;
const mostSteps = 4;
/** Factors and rates may differ by so much: a step is only seen with the next sample. */
const tolerance = 1.5;
/** Doubling, and a sample's width to see it. */
const largestFactor = 2.2;

/**
 * A container that never shrinks shows as a staircase whose steps get higher and wider by a factor. Returns the bytes
 * per iteration that it takes on average over a step, or `undefined` when these jumps are something else.
 *
 * Each step of height h makes room for the iterations until the next one, so h / width is what fills it per iteration:
 * what it takes right before the next step, and the least of all.
 */
export function staircaseGrowth(increments: Increments): Estimate | undefined {
  const { iterations, level, jumps } = increments;
  const end = iterations.at(-1)!;
  const steps = jumps.filter((jump) => holds(jump, iterations, level)).slice(-mostSteps);
  const [first, last] = [steps[0], steps.at(-1)];
  if (steps.length < leastSteps || !first || !last) return undefined;
  const factors = steps.slice(1).map((step, i) => step.bytes / steps[i]!.bytes);
  if (!agree(factors) || !factors.every((factor) => factor >= 1.3 && factor <= 2.7)) return undefined;
  const rates = steps.slice(1).map((step, i) => steps[i]!.bytes / (step.iterations - steps[i]!.iterations));
  if (!agree(rates)) return undefined;
  const filled = steps.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0);
  const value = filled / (last.iterations - first.iterations);
  // The last step is still filling; a container that ought to be full by now has stopped.
  if (end - last.iterations > (tolerance * last.bytes) / value) return undefined;
  // Right after a step there is more room than has been filled, by the factor of the step.
  const hi = Math.max(...rates) * Math.max(...factors);
  return {
    // That average counts from the first iteration: of a container that began to fill later it is too low.
    value: Math.min(Math.max(steppedGrowth(increments) ?? value, value), hi),
    lo: Math.min(...rates),
    hi,
    confidence: 0.95,
    method: 'height over width of the steps',
    warnings: [],
  };
}

/** Room that was made stays: a level that falls back below the middle of a step was not that of such a container. */
function holds(jump: Jump, iterations: readonly number[], level: readonly number[]): boolean {
  const at = iterations.indexOf(jump.iterations);
  return Math.min(...level.slice(at)) >= level[at]! - jump.bytes / 2;
}

/** A container has one factor and fills at one rate: steps that disagree belong to different causes. */
const agree = (values: readonly number[]): boolean => Math.max(...values) <= tolerance * Math.min(...values);

/**
 * True when no jump came for so long that a container which had been filling from the start would have doubled again.
 * The gap before the last jump would be a poor guide: two containers can step one right after the other.
 */
export function mayBeOver(jumps: readonly Jump[], end: number): boolean {
  const last = jumps.at(-1);
  return last === undefined || end > largestFactor * last.iterations;
}

/**
 * Bytes per iteration that could be filling a container without a sign: a series that ends before twice the iterations
 * at which it begins may lie wholly between two steps. Then all that the earlier iterations left behind may be room for
 * the later ones. 0 when the series is long enough to show a step.
 */
export function hiddenGrowth({ iterations, level }: Increments, startedAt: number): number {
  const first = iterations[0]!;
  if (iterations.at(-1)! > largestFactor * first) return 0;
  return Math.max(0, level[0]! - startedAt) / first;
}
