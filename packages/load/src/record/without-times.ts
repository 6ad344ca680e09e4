import { createHistogram, type Histogram } from '@perfkeel/core';
import { cellsOf, sparseHistogram } from './sparse-histogram.ts';

/** What is left of some times without a part of them. Its extremes are those of cells, within 0.1 %. */
export function withoutTimes(all: Histogram, part: Histogram): Histogram {
  const left = new Map(cellsOf(all.toData()));
  for (const [cell, count] of cellsOf(part.toData())) left.set(cell, (left.get(cell) ?? 0) - count);
  return createHistogram(sparseHistogram([...left].filter(([, count]) => count > 0)));
}
