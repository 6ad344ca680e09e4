import type { Histogram, VerdictKind, Warning } from '@perfkeel/core';
import type { InvariantFinding } from './judge-histories.ts';
import type { Operation, Outcome } from './operation.ts';
import type { Overlap } from './overlap.ts';

/** What happened to the twin that is known to be broken. */
export interface ControlResult {
  /** Whether its faults were found. */
  readonly detected: boolean;
  readonly bursts: number;
  readonly violatedBursts: number;
  /** The first violation in words. */
  readonly counterexample?: string | undefined;
  /** Why its first operation without an answer had none: a control that fails altogether shows nothing. */
  readonly error?: string | undefined;
}

/** What a round of bursts showed. */
export interface ConcurrencyResult {
  /**
   * `fail` with any violation; `pass` without one, when the operations overlapped, answered, and the control was
   * caught; otherwise `inconclusive`, and the warnings say why.
   */
  readonly verdict: Extract<VerdictKind, 'pass' | 'fail' | 'inconclusive'>;
  /** Every operation in the order of its index. */
  readonly operations: readonly Operation[];
  readonly bursts: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Attempts beyond the first one of an operation. */
  readonly retried: number;
  /** Operations of bursts that were given up because nothing answered any more. */
  readonly dropped: number;
  /** One for each invariant, in the order of their declaration. */
  readonly findings: readonly InvariantFinding[];
  /** Violations of all invariants. */
  readonly violations: number;
  /** Bursts that show at least one. */
  readonly violatedBursts: number;
  /**
   * The share of bursts with a violation is below this with 95 % confidence (Clopper and Pearson); without any
   * violation in n bursts it is about 3/n.
   */
  readonly upperBound: number;
  readonly overlap: Overlap;
  readonly control?: ControlResult | undefined;
  /** Nanoseconds from call to answer, of operations that answered. */
  readonly responseTime: Histogram;
  readonly warnings: readonly Warning[];
}
