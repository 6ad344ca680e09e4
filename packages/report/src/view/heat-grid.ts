/** How many values fell where: `counts[column][row]`, columns by time, rows by value, the least value first. */
export interface HeatGrid {
  readonly from: number;
  readonly to: number;
  /** The least and the greatest value of the rows, on a logarithmic axis. */
  readonly low: number;
  readonly high: number;
  readonly counts: readonly (readonly number[])[];
}

/** A moment in nanoseconds, a value, and how many such values it stands for. */
export type HeatPoint = readonly [at: number, value: number, count?: number];

export interface HeatSize {
  readonly columns: number;
  readonly rows: number;
  /** The stretch of time to show at least. @default that of the points */
  readonly span?: readonly [from: number, to: number] | undefined;
}

/**
 * Counts points in a grid of equal stretches of time and equal ratios of value. `undefined` when there is nothing to
 * show: no two moments, or no value above 0.
 */
export function heatGrid(points: readonly HeatPoint[], size: HeatSize): HeatGrid | undefined {
  const known = points.filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value) && value > 0);
  let [from, to] = size.span ?? [Infinity, -Infinity];
  let [low, high] = [Infinity, -Infinity];
  for (const [at, value] of known) {
    from = Math.min(from, at);
    to = Math.max(to, at);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(to > from) || !(high > 0)) return undefined;
  const top = high > low ? high : low * 2;
  const counts = Array.from({ length: size.columns }, () => Array.from({ length: size.rows }, () => 0));
  const ratio = Math.log(top / low);
  for (const [at, value, count = 1] of known) {
    const column = counts[placeIn((at - from) / (to - from), size.columns)]!;
    const row = placeIn(Math.log(value / low) / ratio, size.rows);
    column[row] = column[row]! + count;
  }
  return { from, to, low, high: top, counts };
}

const placeIn = (share: number, size: number): number => Math.min(Math.floor(share * size), size - 1);
