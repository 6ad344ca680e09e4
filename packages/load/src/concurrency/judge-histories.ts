import { PerfError, messageOf } from '@perfkeel/core';
import type { Finding, Invariant, Violation } from './invariant.ts';
import type { Histories } from './run-histories.ts';
import type { OperationHistory } from './operation.ts';

/** What one invariant found in all histories of a subject. */
export interface InvariantFinding {
  readonly invariant: string;
  readonly violations: readonly Violation[];
  readonly examined: number;
  readonly undecided?: string | undefined;
}

export interface Findings {
  readonly findings: readonly InvariantFinding[];
  /** Bursts that show at least one violation. */
  readonly violatedBursts: number;
}

/** Holds every history against every invariant. */
export function judgeHistories(
  { histories, bursts }: Pick<Histories, 'histories' | 'bursts'>,
  invariants: readonly Invariant[],
): Findings {
  const violated = new Set<number>();
  const spoilt = lateEffects(histories);
  const findings = invariants.map((invariant): InvariantFinding => {
    const found = histories.map((history, i) => withoutBlame(spoilt[i]!, examine(invariant, history)));
    histories.forEach((history, i) => {
      const burstOf = burstsOf(history, bursts - 1);
      for (const violation of found[i]!.violations) violated.add(burstOf(violation));
    });
    return {
      invariant: invariant.name,
      violations: found.flatMap(({ violations }) => violations),
      examined: found.reduce((sum, { examined }) => sum + examined, 0),
      undecided: found.find(({ undecided }) => undecided !== undefined)?.undecided,
    };
  });
  return { findings, violatedBursts: violated.size };
}

/**
 * Whether an operation of an earlier history, whose outcome is unknown, may take effect in this one: it may still be
 * under way when the system is put back to its beginning.
 */
function lateEffects(histories: readonly OperationHistory[]): readonly boolean[] {
  let open = false;
  return histories.map(({ operations }) => {
    const before = open;
    open ||= operations.some(({ outcome }) => outcome === 'unknown');
    return before;
  });
}

/** What a late effect can explain is no violation, and no pass. */
function withoutBlame(spoilt: boolean, finding: Finding): Finding {
  const [first] = finding.violations;
  if (!spoilt || first === undefined) return finding;
  const undecided = `an operation of an earlier burst, whose outcome is unknown, may have caused this: ${first.message}`;
  return { ...finding, violations: [], undecided };
}

/** The burst that broke it: the last one that takes part. What shows only in the whole counts for its last burst. */
function burstsOf({ operations }: OperationHistory, lastBurst: number): (violation: Violation) => number {
  const known = new Map(operations.map(({ index, burst }) => [index, burst]));
  const last = operations.at(-1)?.burst ?? lastBurst;
  return (violation) => {
    const bursts = violation.operations.flatMap((index) => known.get(index) ?? []);
    return bursts.length === 0 ? last : bursts.reduce((a, b) => Math.max(a, b));
  };
}

/** An invariant that throws was written for other answers: that is no violation, and no pass. */
function examine(invariant: Invariant, history: OperationHistory): Finding {
  try {
    return invariant.examine(history);
  } catch (error) {
    if (error instanceof PerfError) throw error;
    throw new PerfError(`the invariant "${invariant.name}" threw: ${messageOf(error)}`, {
      code: 'invariant-threw',
      hint: 'Does the function that it was given expect another answer than `op` returns?',
      cause: error,
    });
  }
}
