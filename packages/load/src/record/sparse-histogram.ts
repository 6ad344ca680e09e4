import { highestOf, lowestOf, type HistogramData } from '@perfkeel/core';

/** Occupied cells in ascending order, with their counts. */
type Cells = readonly (readonly [cell: number, count: number])[];

/**
 * A histogram of only its occupied cells: a hundredth of the memory of one that is recorded into, for the many that are
 * only kept. Smallest, largest and sum are those of the cells, within 0.1 %.
 */
export function sparseHistogram(cells: Cells): HistogramData {
  let [count, sum, previous] = [0, 0, 0];
  const pairs: number[] = [];
  for (const [cell, inCell] of cells) {
    count += inCell;
    sum += inCell * middleOf(cell);
    pairs.push(cell - previous, inCell);
    previous = cell;
  }
  const [min, max] = count === 0 ? [0, 0] : [lowestOf(cells[0]![0]), highestOf(previous)];
  return { layout: 'hdr-3', count, min, max, sum, cells: pairs };
}

const middleOf = (cell: number): number => Math.floor((lowestOf(cell) + highestOf(cell)) / 2);

export function* cellsOf({ cells }: HistogramData): Generator<readonly [number, number]> {
  let cell = 0;
  for (let i = 0; i < cells.length; i += 2) {
    cell += cells[i]!;
    yield [cell, cells[i + 1]!];
  }
}

/** Both together. */
export function addSparse(a: HistogramData, b: HistogramData): HistogramData {
  const [left, right] = [[...cellsOf(a)], [...cellsOf(b)]];
  const cells: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const distance = (left[i]?.[0] ?? Infinity) - (right[j]?.[0] ?? Infinity);
    if (distance < 0) cells.push(left[i++]!);
    else if (distance > 0) cells.push(right[j++]!);
    else cells.push([left[i]![0], left[i++]![1] + right[j++]![1]]);
  }
  return sparseHistogram(cells);
}

/** The value of rank `ceil(q * count)`, as `Histogram.quantile` has it within a cell; `NaN` when empty. */
export const sparseQuantile = (data: HistogramData, q: number): number => sparseQuantiles(data, [q])[0] ?? NaN;

/** The same for several ascending `quantiles`, in one pass; nothing when empty. */
export function sparseQuantiles(data: HistogramData, quantiles: readonly number[]): readonly number[] {
  // 0.99 x 100 is a little more than 99 in binary.
  const ranks = quantiles.map((q) => Math.max(1, Math.ceil(q * data.count - 1e-9 * data.count)));
  const values: number[] = [];
  let seen = 0;
  for (const [cell, count] of cellsOf(data)) {
    seen += count;
    while (values.length < ranks.length && seen >= ranks[values.length]!) values.push(highestOf(cell));
    if (values.length === ranks.length) break;
  }
  return values;
}
