import { join, type ComparedSide, type Comparison, type Run, type Verdict } from '@perfkeel/core';

/** Which run it is; branch and commit when they are known, else the id; `*` for what was not committed. */
export function sideOf({ id, provenance: { branch, sha, dirty } }: Run): ComparedSide {
  // Older records have the commit of base in this place when CI named it by that.
  const isCommit = branch !== undefined && /^[0-9a-f]{7,}$/.test(branch) && (sha?.startsWith(branch) ?? false);
  const names = [isCommit ? undefined : branch, sha?.slice(0, 7)].filter((name) => name !== undefined && name !== '');
  const label = names.length > 0 ? names.join(' ') + (dirty ? '*' : '') : id;
  return { id, label, ...(sha === undefined ? {} : { sha }) };
}

/** Rolled up, a reason no longer stands beside its benchmark. */
function named({ benchmark, verdict }: Comparison): Verdict {
  const reasons = verdict.reasons.map(({ code, message }) => ({ code, message: `${benchmark}: ${message}` }));
  return { ...verdict, reasons };
}

/** Nothing in common is no pass: nothing is known about change. */
export function verdictOf(comparisons: readonly Comparison[]): Verdict {
  if (comparisons.length > 0) return join(comparisons.map(named));
  const message = 'the runs have no benchmark in common that can be compared';
  return {
    kind: 'inconclusive',
    reasons: [{ code: 'nothing-in-common', message }],
    needs: 'a base run of the same benchmarks',
  };
}
