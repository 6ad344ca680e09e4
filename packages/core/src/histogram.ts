import { cellCount, cellOf, highestOf, highestValue, type significantDigits } from './histogram-layout.ts';
import { rankOf } from './statistics/quantile.ts';

/**
 * A histogram as plain data, in run files and between processes. `cells` holds pairs: the distance to the previous
 * occupied cell and the count there, in the layout of `histogram-layout.ts`.
 */
export interface HistogramData {
  readonly layout: `hdr-${typeof significantDigits}`;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly cells: readonly number[];
}

/** Counts of whole, non-negative values, each kept within 0.1 % of itself. */
export interface Histogram {
  readonly count: number;
  /** Exact; `NaN` when empty. */
  readonly min: number;
  /** Exact; `NaN` when empty. */
  readonly max: number;
  /** Exact while the sum stays below 2^53; `NaN` when empty. */
  readonly mean: number;
  /**
   * Adds one value, rounded down to a whole number. Allocates nothing. Below 0 and `NaN` count as 0, above 2^53 - 1 as
   * 2^53 - 1.
   */
  record(value: number): void;
  /**
   * The value of the k-th smallest entry, `rank` in [1, count]: exact at both ends, elsewhere the largest value of its
   * cell; `NaN` when empty.
   */
  valueAtRank(rank: number): number;
  /** The value at quantile `q` in [0, 1]: the entry of rank `ceil(q * count)`; `NaN` when empty. */
  quantile(q: number): number;
  /** Adds everything that another histogram holds: exact, associative and commutative. */
  add(other: Histogram | HistogramData): void;
  toData(): HistogramData;
}

class CellHistogram implements Histogram {
  readonly #cells = new Float64Array(cellCount);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;

  get count(): number {
    return this.#count;
  }
  get min(): number {
    return this.#count === 0 ? NaN : this.#min;
  }
  get max(): number {
    return this.#count === 0 ? NaN : this.#max;
  }
  get mean(): number {
    return this.#count === 0 ? NaN : this.#sum / this.#count;
  }

  // Allocates nothing: a typed array, fields that hold doubles in place, and no closure.
  record(value: number): void {
    const whole = value > 0 ? Math.min(Math.floor(value), highestValue) : 0;
    const cell = cellOf(whole);
    this.#cells[cell] = this.#cells[cell]! + 1;
    this.#count += 1;
    this.#sum += whole;
    if (whole < this.#min) this.#min = whole;
    if (whole > this.#max) this.#max = whole;
  }

  valueAtRank(rank: number): number {
    if (this.#count === 0) return NaN;
    if (rank <= 1) return this.#min;
    if (rank >= this.#count) return this.#max;
    let seen = 0;
    for (let cell = cellOf(this.#min); cell < cellCount; cell++) {
      seen += this.#cells[cell]!;
      if (seen >= rank) return Math.min(highestOf(cell), this.#max);
    }
    return this.#max;
  }

  quantile(q: number): number {
    return this.valueAtRank(rankOf(q, this.#count));
  }

  add(other: Histogram | HistogramData): void {
    const data = 'toData' in other ? other.toData() : other;
    if (data.count === 0) return;
    let cell = 0;
    for (let i = 0; i < data.cells.length; i += 2) {
      cell += data.cells[i]!;
      this.#cells[cell] = this.#cells[cell]! + data.cells[i + 1]!;
    }
    this.#count += data.count;
    this.#sum += data.sum;
    this.#min = Math.min(this.#min, data.min);
    this.#max = Math.max(this.#max, data.max);
  }

  toData(): HistogramData {
    const cells: number[] = [];
    const last = this.#count === 0 ? -1 : cellOf(this.#max);
    let previous = 0;
    for (let cell = 0; cell <= last; cell++) {
      const count = this.#cells[cell]!;
      if (count === 0) continue;
      cells.push(cell - previous, count);
      previous = cell;
    }
    const [min, max] = this.#count === 0 ? [0, 0] : [this.#min, this.#max];
    return { layout: 'hdr-3', count: this.#count, min, max, sum: this.#sum, cells };
  }
}

/** An empty histogram, or the sum of those given. */
export function createHistogram(...parts: readonly (Histogram | HistogramData)[]): Histogram {
  const histogram = new CellHistogram();
  for (const part of parts) histogram.add(part);
  return histogram;
}
