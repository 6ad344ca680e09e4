import type { Operation } from './operation.ts';

/** How much operations really ran at the same time: without overlap no race can be lost, and none was tried. */
export interface Overlap {
  /** Most operations that were under way at one moment. */
  readonly mostInFlight: number;
  /** Pairs of operations of one burst. */
  readonly pairs: number;
  /** Those of them that were under way at the same time. */
  readonly overlapping: number;
  /** `overlapping / pairs`; `NaN` without pairs. */
  readonly share: number;
}

/** The overlap of all bursts. Operations with an unknown outcome count as pairs that did not overlap. O(n log n). */
export function measureOverlap(operations: readonly Operation[]): Overlap {
  const bursts = new Map<number, Operation[]>();
  for (const operation of operations) {
    const burst = bursts.get(operation.burst);
    if (burst === undefined) bursts.set(operation.burst, [operation]);
    else burst.push(operation);
  }
  let [mostInFlight, pairs, overlapping] = [0, 0, 0];
  for (const burst of bursts.values()) {
    const { most, overlaps } = sweep(burst.filter(({ outcome }) => outcome !== 'unknown'));
    mostInFlight = Math.max(mostInFlight, most);
    pairs += (burst.length * (burst.length - 1)) / 2;
    overlapping += overlaps;
  }
  return { mostInFlight, pairs, overlapping, share: overlapping / pairs };
}

/** What has ended at the moment of a call did not overlap with it; everything else that was called before did. */
function sweep(operations: readonly Operation[]): { most: number; overlaps: number } {
  const ascending = (a: number, b: number): number => a - b;
  const calls = operations.map(({ callAt }) => callAt).sort(ascending);
  const returns = operations.map(({ returnAt }) => returnAt).sort(ascending);
  let [ended, most, overlaps] = [0, 0, 0];
  calls.forEach((callAt, begun) => {
    while (returns[ended]! <= callAt && ended < begun) ended += 1;
    const underWay = begun - ended;
    overlaps += underWay;
    most = Math.max(most, underWay + 1);
  });
  return { most, overlaps };
}
