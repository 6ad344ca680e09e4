/**
 * The least and the greatest of many numbers. A run may hold hundreds of thousands, more than a call takes as arguments.
 *
 * @returns [Infinity, -Infinity] of none
 */
export function extentOf(values: readonly number[]): readonly [least: number, greatest: number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}

/** The greatest of many numbers, or `least` when they are all smaller or there are none. */
export const greatestOf = (values: readonly number[], least = -Infinity): number =>
  Math.max(extentOf(values)[1], least);
