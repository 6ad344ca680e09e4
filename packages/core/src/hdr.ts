import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, JsHistogram } from 'hdr-histogram-js';
import { messageOf, PerfError } from './errors.ts';
import { cellOf, highestOf, highestValue, lowestOf, significantDigits } from './histogram-layout.ts';
import { createHistogram, type Histogram, type HistogramData } from './histogram.ts';

/**
 * A histogram as HdrHistogram V2, compressed and in base64: what every other implementation and hgrm tool reads. Cells
 * and counts are kept exactly; the exact minimum, maximum and sum are not part of that format.
 */
export function encodeHdr(histogram: Histogram | HistogramData): string {
  const data = 'toData' in histogram ? histogram.toData() : histogram;
  const exchanged = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    // The format wants at least 2; the end of the last cell keeps readers from allocating more than they need.
    highestTrackableValue: Math.max(2, highestOf(cellOf(data.max))),
    numberOfSignificantValueDigits: significantDigits,
  });
  let cell = 0;
  for (let i = 0; i < data.cells.length; i += 2) {
    cell += data.cells[i]!;
    exchanged.recordValueWithCount(lowestOf(cell), data.cells[i + 1]!);
  }
  return encodeIntoCompressedBase64(exchanged);
}

function read(text: string): JsHistogram {
  try {
    const decoded = decodeFromCompressedBase64(text, 64);
    if (decoded instanceof JsHistogram) return decoded;
  } catch (error) {
    throw corrupt(messageOf(error), error);
  }
  throw corrupt('it is of an unknown kind');
}

const corrupt = (why: string, cause?: unknown): PerfError =>
  new PerfError(`this is not an HdrHistogram: ${why}`, {
    code: 'corrupt-histogram',
    hint: 'Pass the base64 text of a compressed histogram in V2 encoding; it begins with HISTFAAA.',
    cause,
  });

/**
 * Reads HdrHistogram V2, compressed and in base64, of any implementation.
 *
 * Three significant digits and a lowest value of 1 are kept cell by cell; another layout is counted at the highest
 * value of each of its cells, so that its quantiles stay what they were. The format knows no exact minimum, maximum or
 * sum: they come from the ends and the middles of the cells, within 0.1 %.
 *
 * @throws PerfError `corrupt-histogram`, exit code 4.
 */
export function decodeHdr(text: string): Histogram {
  const source = read(text);
  const counts = new Map<number, number>();
  let [sum, min, max] = [0, Infinity, 0];
  for (let index = 0; index < source.countsArrayLength; index++) {
    const count = source.getCountAtIndex(index);
    if (!(count > 0)) continue;
    const lowest = source.valueFromIndex(index);
    const highest = Math.min(source.highestEquivalentValue(lowest), highestValue);
    const cell = cellOf(highest);
    counts.set(cell, (counts.get(cell) ?? 0) + count);
    sum += count * Math.min(source.medianEquivalentValue(lowest), highestValue);
    min = Math.min(min, lowest);
    max = highest;
  }
  return createHistogram(toData(counts, { sum, min, max }));
}

/** @param counts by cell, in ascending order of cells */
function toData(counts: ReadonlyMap<number, number>, ends: Pick<HistogramData, 'sum' | 'min' | 'max'>): HistogramData {
  let [previous, count] = [0, 0];
  const cells: number[] = [];
  for (const [cell, here] of counts) {
    cells.push(cell - previous, here);
    previous = cell;
    count += here;
  }
  return { layout: 'hdr-3', count, cells, ...ends };
}
