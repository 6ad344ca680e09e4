import { cellCount, cellOf, createHistogram, highestValue, type Histogram, type HistogramData } from '@perfkeel/core';

/** Bytes of count, sum, min and max, which stand in front of the cells. */
const headBytes = 4 * Float64Array.BYTES_PER_ELEMENT;

/** What one histogram takes of a buffer. Memory that is never written to is not used up: the system maps it lazily. */
export const histogramBytes = headBytes + cellCount * Uint32Array.BYTES_PER_ELEMENT;

/**
 * A histogram in the cells of core's, on memory that another thread may read while one thread records: the numbers are
 * those of `createHistogram`, cell by cell. Recording takes a few nanoseconds and allocates nothing.
 */
export class SharedHistogram {
  readonly #head: Float64Array;
  readonly #cells: Uint32Array;

  /** @param offset where its `histogramBytes` begin, a multiple of 8 */
  constructor(buffer: SharedArrayBuffer, offset: number) {
    this.#head = new Float64Array(buffer, offset, 4);
    this.#cells = new Uint32Array(buffer, offset + headBytes, cellCount);
  }

  get count(): number {
    return this.#head[0]!;
  }

  /** Adds one value, rounded down to a whole number; below 0 and `NaN` count as 0. */
  record(value: number): void {
    const head = this.#head;
    const whole = value > 0 ? (value < highestValue ? Math.floor(value) : highestValue) : 0;
    const cell = whole < 0x80000000 ? smallCell(whole | 0) : cellOf(whole);
    this.#cells[cell] = this.#cells[cell]! + 1;
    if (whole < head[2]! || head[0] === 0) head[2] = whole;
    if (whole > head[3]!) head[3] = whole;
    head[1] = head[1]! + whole;
    head[0] = head[0]! + 1;
  }

  /** The counts of all cells, for those who look at differences. Not a copy. */
  get cells(): Uint32Array {
    return this.#cells;
  }

  toData(): HistogramData {
    const [count, sum, min, max] = this.#head as unknown as readonly [number, number, number, number];
    const cells: number[] = [];
    const last = count === 0 ? -1 : cellOf(max);
    let previous = 0;
    for (let cell = 0; cell <= last; cell++) {
      const inCell = this.#cells[cell]!;
      if (inCell === 0) continue;
      cells.push(cell - previous, inCell);
      previous = cell;
    }
    return { layout: 'hdr-3', count, min, max, sum, cells };
  }

  toHistogram(): Histogram {
    return createHistogram(this.toData());
  }
}

/** `cellOf` in 32-bit whole numbers, for values below 2^31: two seconds in nanoseconds. */
function smallCell(value: number): number {
  const bucket = value < 2048 ? 0 : 21 - Math.clz32(value);
  return (bucket << 10) + (value >>> bucket);
}
