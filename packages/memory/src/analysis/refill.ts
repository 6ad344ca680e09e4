/** A fall counts when it is at least this share of the growth that is in question. */
const leastShare = 0.5;
const unseenRounds = 2;

/**
 * Whether the growth of a series stays within what was given back before: memory rose, fell by an amount of the same
 * order, and has not been above that level since. Growth that is on such a way up may be given back again.
 *
 *     level      /|      /      Not given back:        /     higher than before the fall
 *               / |    /                          /|  /
 *              /  |  /                           / | /
 *             /   |/   <- here                  /  |/
 *
 * The peak itself may lie between two samples, and the sample before the fall is smoothed away as a spike: what two rounds
 * may add counts as seen.
 * A level that was there before the first iteration, such as a buffer of the start, is no rise.
 *
 * @param startedAt bytes before the first iteration
 * @param growth bytes in question
 * @param floor the least rise and fall that count
 */
export function isRefill(level: readonly number[], startedAt: number, growth: number, floor: number): boolean {
  const least = Math.max(floor, leastShare * growth);
  const unseen = floor + unseenRounds * Math.max(0, ...level.slice(1).map((here, i) => here - level[i]!));
  // From the end: what comes after each point.
  let [lowest, highest] = [Infinity, -Infinity];
  const peaks = level.map(() => false);
  for (let i = level.length - 1; i >= 0; i--) {
    const here = level[i]!;
    peaks[i] = lowest < here - least && highest <= here + unseen;
    lowest = Math.min(lowest, here);
    highest = Math.max(highest, here);
  }
  let base = startedAt;
  return level.some((here, i) => {
    base = Math.min(base, here);
    return peaks[i]! && base < here - floor;
  });
}
