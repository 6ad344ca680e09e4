import type { ChannelAnalysis } from './analyze-channels.ts';

/** What so many iterations would leave behind. */
export interface Projection {
  readonly iterations: number;
  /** Bytes if growth goes on as it was seen; 0 for stable code. */
  readonly expected: number;
  readonly lower: number;
  /**
   * Bytes that would not be exceeded. Infinite when nothing can be said. The upper bound of a slope alone would be
   * exceeded by a third of all clean code, whose memory has hardly any noise, and drifts.
   */
  readonly upper: number;
}

type Grown = Pick<ChannelAnalysis, 'verdict' | 'perIteration' | 'resolution' | 'swing'>;

/**
 * Projects growth to a planned length: the interval of the slope, widened by what could not have been seen, times the
 * iterations, and once the bytes by which memory moves to and fro. A change of regime beyond what was measured, such as a module that loads later, is in no projection.
 *
 * @throws RangeError unless `iterations` is a finite number from 0 upwards
 */
export function projectGrowth({ verdict, perIteration, resolution, swing }: Grown, iterations: number): Projection {
  if (!(iterations >= 0 && Number.isFinite(iterations))) throw new RangeError(`${iterations} iterations`);
  // The bounds of a verdict that is not leak hold the resolution already.
  const [under, over] = verdict === 'leak' ? [resolution, resolution] : [0, 0];
  const times = (bytes: number): number => (iterations === 0 ? 0 : Math.max(0, bytes) * iterations);
  return {
    iterations,
    expected: verdict === 'stable' ? 0 : times(perIteration.value),
    lower: times(perIteration.lo - under),
    upper: times(perIteration.hi + over) + swing,
  };
}
