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
 * is usually confirmed after 6 + 6 rounds, and what is undecided after 36 seldom gets decided by more.
 */
export const defaultPlan: ComparisonPlan = Object.freeze({
  looks: Object.freeze([6, 10, 16, 24, 36]),
  confirmLooks: Object.freeze([6, 10, 16, 24]),
});

/** The confidence that each look must have for the policy's to hold over all looks of a stage. */
export const stageConfidence = (stage: Stage, confidence: number): number =>
  lookConfidence(confidence, (stage === 'screen' ? defaultPlan.looks : defaultPlan.confirmLooks).length);
