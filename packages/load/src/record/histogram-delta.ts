import type { HistogramData } from '@perfkeel/core';
import type { SharedHistogram } from './shared-histogram.ts';
import { addSparse, sparseHistogram } from './sparse-histogram.ts';

/** What has been added to some histograms, all together, since one looked last. */
export class HistogramDelta {
  readonly #sources: readonly SharedHistogram[];
  readonly #seen: readonly Uint32Array[];

  constructor(sources: readonly SharedHistogram[]) {
    this.#sources = sources;
    this.#seen = sources.map(({ cells }) => new Uint32Array(cells.length));
  }

  take(): HistogramData {
    return this.#sources.map((source, i) => added(source.cells, this.#seen[i]!)).reduce(addSparse);
  }
}

function added(cells: Uint32Array, seen: Uint32Array): HistogramData {
  const changed: (readonly [number, number])[] = [];
  for (let cell = 0; cell < cells.length; cell++) {
    const count = cells[cell]!;
    if (count === seen[cell]) continue;
    changed.push([cell, count - seen[cell]!]);
    seen[cell] = count;
  }
  return sparseHistogram(changed);
}
