import { createRng, normalQuantile, type Rng } from '@perfkeel/core';
import type { LeakPoint } from '../../src/index.ts';

export interface SeriesShape {
  /** Live bytes after so many iterations, without noise. */
  readonly heapAt: (iterations: number) => number;
  readonly points?: number;
  readonly perPoint?: number;
  /** Iterations before the first round. */
  readonly warmUp?: number;
  /** Standard deviation of the noise of one reading, in bytes. */
  readonly noise?: number;
  readonly seed?: number;
}

export const normal = (rng: Rng): number => normalQuantile(Math.min(Math.max(rng(), 1e-12), 1 - 1e-12));

/** A leak series as a process with this shape of memory would give it; the same for the same seed. */
export function seriesOf(shape: SeriesShape): LeakPoint[] {
  const { heapAt, points = 48, perPoint = 1000, warmUp = 3000, noise = 500, seed = 1 } = shape;
  const rng = createRng(seed);
  return Array.from({ length: points }, (_, i) => {
    const iterations = warmUp + (i + 1) * perPoint;
    return { iterations, heap: Math.round(heapAt(iterations) + noise * normal(rng)) };
  });
}

/** The capacity of a container that grows by a factor when it is full. */
export function capacityFor(size: number, factor: number): number {
  let capacity = 16;
  while (capacity < size) capacity = Math.floor(capacity * factor) + 16;
  return capacity;
}
