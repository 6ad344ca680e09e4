/** [place, value] pairs in order of place. */
export type Points = readonly (readonly [number, number])[];

/**
 * At most about `most` points with the shape of all: of each of `most / 2` stretches of equal length its least and its
 * greatest value, in their order, and the ends. No peak is lost.
 */
export function decimate(points: Points, most: number): Points {
  if (points.length <= most) return points;
  const stretches = Math.max(Math.floor(most / 2) - 1, 1);
  const size = points.length / stretches;
  const kept = new Set<number>([0, points.length - 1]);
  for (let i = 0; i < stretches; i++) {
    const [from, to] = [Math.floor(i * size), Math.min(Math.floor((i + 1) * size), points.length)];
    let [least, greatest] = [from, from];
    for (let at = from + 1; at < to; at++) {
      if (points[at]![1] < points[least]![1]) least = at;
      if (points[at]![1] > points[greatest]![1]) greatest = at;
    }
    kept.add(least).add(greatest);
  }
  return [...kept].sort((a, b) => a - b).map((at) => points[at]!);
}

/** Every n-th of the items, so that at most `most` are left; the last one always. */
export function thin<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const every = Math.ceil((items.length - 1) / Math.max(most - 1, 1));
  return items.filter((_, i) => i % every === 0 || i === items.length - 1);
}

/** Those that are numbers in both places. */
export const finitePoints = (points: Points): Points => points.filter((point) => point.every(Number.isFinite));
