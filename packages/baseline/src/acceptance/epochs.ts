import type { Acceptance } from './acceptance.ts';
import { matchesPattern, type Series } from './match-pattern.ts';

/** A place where a series begins anew. */
export interface Epoch {
  /** The acceptance that began it. */
  readonly id: string;
  /** When it was accepted, ISO 8601; the commit that brought the file into a branch is where the branch's epoch begins. */
  readonly at: string;
  readonly reason: string;
}

/**
 * The epochs of a series, oldest first: a run belongs to as many of them as its commit holds acceptances of the series.
 * Runs of different epochs are not one series: a level that was accepted is no drift.
 */
export const epochsOf = (acceptances: readonly Acceptance[], series: Series): readonly Epoch[] =>
  acceptances
    .filter(({ pattern }) => matchesPattern(pattern, series))
    .map(({ id, at, reason }) => ({ id, at, reason }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
