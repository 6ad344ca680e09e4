import type { Run } from '@perfkeel/core';
import { renameInRun } from './rename-in-run.ts';
import { declaredRenames, followRenames, type CurrentName, type Rename } from './renames.ts';
import { summariseRun } from './run-summary.ts';

/**
 * A run with the names that `head` gives to its benchmarks, whichever of the two was measured before a rename: what they
 * measured can then be compared. Pure.
 *
 * @param renames oldest first, as `listRenames` of a store gives them; those that head declares are added
 */
export function inNamesOf(head: Run, run: Run, renames: readonly Rename[]): Run {
  const current = followRenames([...renames, ...declaredIn(head, renames)]);
  const names = presentNames(head, current);
  return renameInRun(run, (id) => {
    const now = current(run.provenance.project, id, run.startedAt);
    return names.get(now) ?? now;
  });
}

/** Head need not be stored, and then nobody else knows what it says. */
function declaredIn(head: Run, known: readonly Rename[]): Rename[] {
  const isKnown = ({ project, from, to, at }: Rename): boolean =>
    known.some(
      (one) => one.project === project && one.from === from && one.to === to && Date.parse(one.at) >= Date.parse(at),
    );
  return declaredRenames([summariseRun(head, '')]).filter((rename) => !isKnown(rename));
}

/** The names in head by what they are called now. Of two that a rename would join, each stays what it is. */
function presentNames({ plan, provenance, startedAt }: Run, current: CurrentName): ReadonlyMap<string, string> {
  const own = new Set(plan.benchmarks.map(({ id }) => id));
  return new Map(
    [...own].map((id) => {
      const now = current(provenance.project, id, startedAt);
      return [own.has(now) ? id : now, id];
    }),
  );
}
