/** What one project's run.json says, as far as the summary needs it. */
export interface Measured {
  readonly kind: 'measured';
  readonly verdict: VerdictKind;
  /** Why the verdict is not a pass, for people. */
  readonly reasons: readonly string[];
  readonly benchmarks: { readonly judged: number; readonly planned: number };
  readonly objectives: ObjectiveCounts;
  readonly durationMs: number;
  readonly interrupted: boolean;
  /** A rehearsal: everything ran as briefly as it can, and nothing was judged. */
  readonly short: boolean;
}

/** How many objectives ended how. `expected` were missed by benchmarks that are declared to miss them. */
export interface ObjectiveCounts {
  readonly kept: number;
  readonly missed: number;
  readonly expected: number;
  readonly undecided: number;
}

/** A project without a number: it left no result, or one that cannot be read. */
export interface NoResult {
  readonly kind: 'did not run' | 'not affected' | 'unreadable';
  readonly why: string;
}

export type Result = Measured | NoResult;

/** The kinds of `verdict.kind` in run.json, from best to worst. */
export const verdictKinds = ['pass', 'warn', 'inconclusive', 'fail', 'could-not-measure'] as const;
export type VerdictKind = (typeof verdictKinds)[number];
