import type { Estimate, Histogram, Nanos, PerSecond, Warning } from '@perfkeel/core';
import type { KneeEvidence } from './knee-evidence.ts';
import type { TrialVerdict } from './judge-trial.ts';
import type { PlannedTrial, SearchReason } from './search-capacity.ts';

/** One trial of the search. Times in nanoseconds. */
export interface CapacityTrial {
  readonly rate: PerSecond;
  readonly purpose: PlannedTrial['purpose'];
  readonly duration: Nanos;
  /** Since the search began. */
  readonly startedAt: Nanos;
  readonly outcome: TrialVerdict['outcome'];
  /** Why not good, in words. */
  readonly reasons: readonly string[];
  /** Good answers per second. */
  readonly throughput: PerSecond;
  /** `NaN` without answers. */
  readonly p50: Nanos;
  readonly p99: Nanos;
  /** Share of requests that failed. */
  readonly errors: number;
  /** Says that most answers were redirects, where they were. */
  readonly elsewhere?: string;
}

/** The response time at a share of the capacity. */
export interface ShareResult {
  readonly percent: number;
  readonly rate: PerSecond;
  readonly responseTime: Histogram;
  readonly errors: number;
  readonly warnings: readonly Warning[];
}

export interface CapacityResult {
  /**
   * The highest rate that keeps the conditions: between the bounds, which are those of `lower` and `upper`. They bound
   * what was seen; how often they hold the truth is known from simulation only.
   */
  readonly capacity: Estimate;
  /** The highest rate that held, and below which nothing failed; 0 when none did. */
  readonly lower: PerSecond;
  /** The lowest rate that did not hold; `Infinity` when all did. */
  readonly upper: PerSecond;
  /** Good answers per second in the full trials at the lower bound; `NaN` without one. */
  readonly conditionalThroughput: PerSecond;
  readonly reason: SearchReason;
  /** What was missed at the upper bound, in words. */
  readonly limitedBy: readonly string[];
  /** Whether the lower bound held again at the end; `undefined` when nobody looked. */
  readonly verified: boolean | undefined;
  /** Every trial in order, those without validity too: with rates and times, the data of a knee plot. */
  readonly trials: readonly CapacityTrial[];
  /** One for each of `at`; none without a lower bound. */
  readonly shares: readonly ShareResult[];
  /** What the target told just below the capacity and just above it; absent where nobody was asked. */
  readonly evidence?: KneeEvidence | undefined;
  readonly warnings: readonly Warning[];
}
