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
export function sparseQuantile(data: HistogramData, q: number): number {
  const rank = rankOf(q, data.count);
  let seen = 0;
  for (const [cell, count] of cellsOf(data)) {
    seen += count;
    if (seen >= rank) return highestOf(cell);
  }
  return NaN;
}

// 0.99 x 100 is a little more than 99 in binary.
const rankOf = (q: number, count: number): number => Math.max(1, Math.ceil(q * count - 1e-9 * count));

/**
 * Ascending quantiles of histograms put together, without making the histogram that they are together: quick enough for
 * the thread that sends. The scratch is one place for each cell, zeros before and after.
 */
export function quantilesTogether(
  all: readonly HistogramData[],
  quantiles: readonly number[],
  scratch: Float64Array,
): readonly number[] {
  let [first, last, total] = [scratch.length, -1, 0];
  for (const { cells, count } of all) {
    total += count;
    let cell = 0;
    for (let i = 0; i < cells.length; i += 2) {
      cell += cells[i]!;
      scratch[cell] = scratch[cell]! + cells[i + 1]!;
      if (i === 0) first = Math.min(first, cell);
    }
    if (cells.length > 0) last = Math.max(last, cell);
  }
  const values: number[] = [];
  let seen = 0;
  for (let cell = first; cell <= last; cell++) {
    seen += scratch[cell]!;
    scratch[cell] = 0;
    while (values.length < quantiles.length && seen >= rankOf(quantiles[values.length]!, total)) {
      values.push(highestOf(cell));
    }
  }
  return values;
}
