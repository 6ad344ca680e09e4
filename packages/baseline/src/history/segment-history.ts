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

interface Sums {
  /** Each up to but not including a point: of the values about their mean, of their squares, and of value times place. */
  readonly values: Float64Array;
  readonly squares: Float64Array;
  readonly products: Float64Array;
}

function sumsOf(values: readonly number[]): Sums {
  const n = values.length;
  const sums = { values: new Float64Array(n + 1), squares: new Float64Array(n + 1), products: new Float64Array(n + 1) };
  // About the mean, or squares of large numbers would drown their differences.
  const centre = values.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
  values.forEach((value, i) => {
    const y = value - centre;
    sums.values[i + 1] = sums.values[i]! + y;
    sums.squares[i + 1] = sums.squares[i]! + y * y;
    sums.products[i + 1] = sums.products[i]! + (i - n / 2) * y;
  });
  return sums;
}

/** The squared distances of the places of `m` points from their mean. */
const spreadOf = (m: number): number => (m * (m * m - 1)) / 12;

/** Squared distances of any stretch from its mean and from its regression line, in constant time. */
export function costsOf(values: readonly number[]): {
  level(from: number, to: number): number;
  drift(from: number, to: number): number;
} {
  const n = values.length;
  const sums = sumsOf(values);
  const level = (from: number, to: number): number => {
    const sum = sums.values[to]! - sums.values[from]!;
    return Math.max(0, sums.squares[to]! - sums.squares[from]! - (sum * sum) / (to - from));
  };
  const drift = (from: number, to: number): number => {
    const sum = sums.values[to]! - sums.values[from]!;
    const middle = (from + to - 1) / 2 - n / 2;
    const along = sums.products[to]! - sums.products[from]! - middle * sum;
    return Math.max(0, level(from, to) - (along * along) / spreadOf(to - from));
  };
  return { level, drift };
}

/**
 * The levels and lines that fit best for their number: the exact minimum of squared distances plus penalties, by dynamic
 * programming (Jackson et al., "An algorithm for optimal partitioning of data on an interval", 2005, with a second kind of
 * piece). A drift is one line and not a flight of small steps. O(n^2) time, of which most is the look at a bound: a piece
 * never becomes cheaper when it grows.
 *
 * @param values in units of their noise, lone outliers pulled in
 */
export function segmentHistory(values: readonly number[], { piece, slope }: Penalties): Segment[] {
  const n = values.length;
  if (n < leastLevel) return n === 0 ? [] : [{ from: 0, to: n, shape: 'level' }];
  const sums = sumsOf(values);
  const table: Table = {
    best: new Float64Array(n + 1).fill(Infinity),
    start: new Int32Array(n + 1),
    drifts: new Uint8Array(n + 1),
    bound: new Float64Array(n + 1),
    ...{ sums, piece, slope, rounding: roundingShare * n * sums.squares[n]! },
    spread: Float64Array.from({ length: n + 1 }, (_, m) => spreadOf(m)),
  };
  table.best[0] = 0;
  for (let to = leastLevel; to <= n; to++) lastPiece(to, table);
  const segments: Segment[] = [];
  for (let to = n; to > 0; to = table.start[to]!) {
    segments.push({ from: table.start[to]!, to, shape: table.drifts[to] === 1 ? 'drift' : 'level' });
  }
  return segments.reverse();
}

/** Of all squares, for each point: more than rounding takes from a difference of sums. */
const roundingShare = 1e-12;

interface Table extends Penalties {
  /** The least cost up to each point, where the piece before it begins, and whether that one is a drift. */
  readonly best: Float64Array;
  readonly start: Int32Array;
  readonly drifts: Uint8Array;
  /** For each beginning, what a last piece from there costs at least, with all before it; grows while pieces grow. */
  readonly bound: Float64Array;
  readonly sums: Sums;
  /** `spreadOf` by length. */
  readonly spread: Float64Array;
  readonly rounding: number;
}

/**
 * The cheapest last piece up to `to`, of equal ones the longest. It begins with where the piece before began, which is
 * seldom far from the cheapest, so that bounds of others are mostly beyond. `costsOf`, written out: with calls in it, this
 * loop over all pairs of points takes more than twice as long.
 */
function lastPiece(to: number, table: Table): void {
  const { best, bound, spread, piece, slope, rounding } = table;
  const { values, squares, products } = table.sums;
  const half = (values.length - 1) / 2;
  const [value, square, product] = [values[to]!, squares[to]!, products[to]!];
  const last = to - leastLevel;
  bound[last] = best[last]! + piece;
  let [least, at, shape] = [Infinity, 0, 0];
  for (let step = -1; step <= last; step++) {
    const from = step < 0 ? table.start[to - 1]! : step;
    if (bound[from]! > least) continue;
    const before = best[from]! + piece;
    const m = to - from;
    const sum = value - values[from]!;
    const level = Math.max(0, square - squares[from]! - (sum * sum) / m);
    let total = before + level;
    let sloping = 0;
    if (level <= slope) {
      bound[from] = total - rounding;
    } else if (m < leastDrift) {
      bound[from] = before + slope - rounding;
    } else {
      const along = product - products[from]! - ((from + to - 1) / 2 - half) * sum;
      const sloped = before + slope + Math.max(0, level - (along * along) / spread[m]!);
      if (sloped < total) {
        total = sloped;
        sloping = 1;
      }
      bound[from] = total - rounding;
    }
    if (total > least || (total === least && from >= at)) continue;
    least = total;
    at = from;
    shape = sloping;
  }
  best[to] = least;
  table.start[to] = at;
  table.drifts[to] = shape;
}
