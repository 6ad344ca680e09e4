import { longestOf, nanosFromMs, type LongCollection } from '@perfkeel/core';
import type { Window } from '../../profile/phase.ts';

/** What the agent in a target says of a single garbage collection, in milliseconds: its begin, and what it took. */
const collection = /^# collection (\d+\.\d+) (\d+\.\d+)$/gm;

/**
 * The longest garbage collections of a target while it was measured, on the axis of the run.
 *
 * @param pages what its processes told last
 * @param beganMs when the run began, in milliseconds of the wall clock
 */
export const targetPauses = (
  pages: Iterable<string>,
  beganMs: number,
  { start, end }: Window,
): readonly LongCollection[] =>
  longestOf(
    [...pages]
      .flatMap((page) => [...page.matchAll(collection)])
      .map(([, at, took]) => ({ at: nanosFromMs(Number(at) - beganMs), took: nanosFromMs(Number(took)) }))
      .filter(({ at }) => at >= start && at < end),
  );
