/** A stretch of a history, from `from` up to but not including `to`: a level, or a line. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly shape: 'level' | 'drift';
}

/** What a piece costs besides its squared distances, which are in units of the noise. */
export interface Penalties {
  /** Of every piece: how much better two levels must fit than one. */
  readonly piece: number;
  /** Of a slope. */
  readonly slope: number;
}

/** Fewer points are no level, and no drift. */
export const [leastLevel, leastDrift] = [3, 12] as const;

/** Squared distances of any stretch from its mean and from its regression line, in constant time. */
export function costsOf(values: readonly number[]): {
  level(from: number, to: number): number;
  drift(from: number, to: number): number;
} {
  const n = values.length;
  const [sums, squares, products] = [new Float64Array(n + 1), new Float64Array(n + 1), new Float64Array(n + 1)];
  // About the mean, or squares of large numbers would drown their differences.
  const centre = values.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
  values.forEach((value, i) => {
    const y = value - centre;
    sums[i + 1] = sums[i]! + y;
    squares[i + 1] = squares[i]! + y * y;
    products[i + 1] = products[i]! + (i - n / 2) * y;
  });
  const level = (from: number, to: number): number => {
    const sum = sums[to]! - sums[from]!;
    return Math.max(0, squares[to]! - squares[from]! - (sum * sum) / (to - from));
  };
  const drift = (from: number, to: number): number => {
    const m = to - from;
    const sum = sums[to]! - sums[from]!;
    const middle = (from + to - 1) / 2 - n / 2;
    const along = products[to]! - products[from]! - middle * sum;
    return Math.max(0, level(from, to) - (along * along) / ((m * (m * m - 1)) / 12));
  };
  return { level, drift };
}

/**
 * The levels and lines that fit best for their number: the exact minimum of squared distances plus penalties, by dynamic
 * programming (Jackson et al., "An algorithm for optimal partitioning of data on an interval", 2005, with a second kind of
 * piece). A drift is one line and not a flight of small steps. O(n^2) time.
 *
 * @param values in units of their noise, lone outliers pulled in
 */
export function segmentHistory(values: readonly number[], { piece, slope }: Penalties): Segment[] {
  const n = values.length;
  if (n < leastLevel) return n === 0 ? [] : [{ from: 0, to: n, shape: 'level' }];
  const costs = costsOf(values);
  const best = new Float64Array(n + 1).fill(Infinity);
  const start = new Int32Array(n + 1);
  const drifts = new Uint8Array(n + 1);
  best[0] = 0;
  for (let to = leastLevel; to <= n; to++) {
    for (let from = 0; from <= to - leastLevel; from++) {
      const before = best[from]! + piece;
      if (before >= best[to]!) continue;
      const flat = before + costs.level(from, to);
      const sloped = to - from >= leastDrift ? before + slope + costs.drift(from, to) : Infinity;
      const total = Math.min(flat, sloped);
      if (total >= best[to]!) continue;
      best[to] = total;
      start[to] = from;
      drifts[to] = sloped < flat ? 1 : 0;
    }
  }
  const segments: Segment[] = [];
  for (let to = n; to > 0; to = start[to]!) {
    segments.push({ from: start[to]!, to, shape: drifts[to] === 1 ? 'drift' : 'level' });
  }
  return segments.reverse();
}
