/**
 * Every so many points the last one, which stands for the steps since the one before: `most` of them, or up to twice as
 * many. A slope over more points says little more, and takes the square of their number.
 */
export function thinned<Point>(points: readonly Point[], most: number): readonly Point[] {
  const each = Math.max(1, Math.floor(points.length / most));
  return each === 1 ? points : points.filter((_, i) => (i + 1) % each === 0);
}
