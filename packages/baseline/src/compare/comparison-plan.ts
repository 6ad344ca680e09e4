import { lookConfidence } from '@perfkeel/core';

/** When two sides that are measured in turns are looked at: numbers of rounds a side. */
export interface ComparisonPlan {
  /** Of the first set of rounds, which raises suspicions. */
  readonly looks: readonly number[];
  /** Of the second, independent set, which only suspects get, and which alone decides about them. */
  readonly confirmLooks: readonly number[];
}

/** The two sets of rounds. */
export type Stage = 'screen' | 'confirm';

/**
 * Found by resampling whole processes of real benchmarks (`tools/accuracy/comparison-simulation.mjs`): a change of 10 %
 * is usually confirmed after 6 + 6 rounds, and steady code found unchanged after 6 to 10. The last looks are for code whose
 * processes differ by 4 to 6 %: building strings 5 % more slowly is found in 89 of 100 sessions that may go up to 80 rounds,
 * and in 21 of those that end at 36.
 */
export const defaultPlan: ComparisonPlan = Object.freeze({
  looks: Object.freeze([6, 10, 16, 24, 36, 54, 80]),
  confirmLooks: Object.freeze([6, 10, 16, 24, 36, 54, 80]),
});

/** The confidence that each look must have for the policy's to hold over all looks of a stage. */
export const stageConfidence = (stage: Stage, confidence: number): number =>
  lookConfidence(confidence, (stage === 'screen' ? defaultPlan.looks : defaultPlan.confirmLooks).length);
