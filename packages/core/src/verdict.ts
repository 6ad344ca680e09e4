import { ExitCode } from './errors.ts';

/**
 * The verdict lattice, worst last. Everything that can be said about a run joins in it.
 *
 *     pass < warn < inconclusive < fail < could-not-measure
 */
export const verdictKinds = ['pass', 'warn', 'inconclusive', 'fail', 'could-not-measure'] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** Why a verdict is what it is: `code` for programs, `message` for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly reasons: readonly Reason[];
  /** What would decide an inconclusive verdict, as a sentence: `7 more rounds`. */
  readonly needs?: string | undefined;
}

export const pass: Verdict = Object.freeze({ kind: 'pass', reasons: [] });

const rank = (kind: VerdictKind): number => verdictKinds.indexOf(kind);

/** The worse of two kinds: associative, commutative, idempotent, with `pass` as identity. */
export const joinKinds = (a: VerdictKind, b: VerdictKind): VerdictKind => (rank(a) >= rank(b) ? a : b);

/**
 * Rolls verdicts up: the worst kind wins and keeps the reasons of every verdict of that kind.
 * No verdicts at all is not a pass: nothing ran, so nothing was measured.
 */
export function join(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) {
    return {
      kind: 'could-not-measure',
      reasons: [{ code: 'nothing-ran', message: 'nothing ran' }],
    };
  }
  const kind = verdicts.map((verdict) => verdict.kind).reduce(joinKinds);
  const worst = verdicts.filter((verdict) => verdict.kind === kind);
  const needs = worst.flatMap((verdict) => verdict.needs?.split('; ') ?? []);
  return {
    kind,
    reasons: worst.flatMap((verdict) => verdict.reasons),
    ...(needs.length > 0 ? { needs: [...new Set(needs)].join('; ') } : {}),
  };
}

/** The exit code of a verdict. `strict` makes a warning and an inconclusive result fail. */
export function exitCodeOf(kind: VerdictKind, strict = false): ExitCode {
  switch (kind) {
    case 'pass':
      return ExitCode.Ok;
    case 'warn':
      return strict ? ExitCode.Failed : ExitCode.Ok;
    case 'inconclusive':
      return strict ? ExitCode.Failed : ExitCode.Inconclusive;
    case 'fail':
      return ExitCode.Failed;
    case 'could-not-measure':
      return ExitCode.CouldNotMeasure;
  }
}
