import type { AcceptedChange, ChangePoint, SeriesKey } from '@perfkeel/core';
import type { Acceptance } from '../acceptance/acceptance.ts';
import { matchesPattern } from '../acceptance/match-pattern.ts';

/** An acceptance is a file of the branch that makes the change: merged and measured within this many days, or another's. */
const longestWait = 90 * 24 * 3600 * 1000;

/**
 * Which acceptance a change has: one that names the series and was written before the first run of the new level, and after
 * the change before it. One acceptance accepts the first change for the worse after it that is no larger than it says.
 */
export function acceptedChanges(
  key: SeriesKey,
  changes: readonly ChangePoint[],
  acceptances: readonly Acceptance[],
): (AcceptedChange | undefined)[] {
  const free = acceptances
    .filter(({ pattern }) => matchesPattern(pattern, key))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return changes.map((change) => {
    const time = Date.parse(change.at);
    const size = Math.abs(change.effect.value);
    const at = free.findIndex(
      (one) =>
        change.news === 'worse' &&
        Date.parse(one.at) <= time &&
        time - Date.parse(one.at) <= longestWait &&
        (one.max === undefined || size <= one.max),
    );
    const [found] = at < 0 ? [] : free.splice(at, 1);
    return found && { id: found.id, reason: found.reason };
  });
}
