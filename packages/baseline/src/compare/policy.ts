import { usageError } from '@perfkeel/core';

/** What counts as a change. Shares of the base value: 0.05 is 5 %. */
export interface ComparisonPolicy {
  /** The smallest change that matters. */
  readonly warn: number;
  /** From here on a change for the worse fails. */
  readonly fail: number;
  /** Of each interval by itself, two-sided. */
  readonly confidence: number;
}

export const defaultPolicy: ComparisonPolicy = Object.freeze({ warn: 0.05, fail: 0.1, confidence: 0.95 });

/** @throws PerfError `bad-policy`, exit code 2. */
export function resolvePolicy(written: Partial<ComparisonPolicy> = {}): ComparisonPolicy {
  const policy: ComparisonPolicy = {
    warn: written.warn ?? defaultPolicy.warn,
    fail: written.fail ?? Math.max(defaultPolicy.fail, written.warn ?? 0),
    confidence: written.confidence ?? defaultPolicy.confidence,
  };
  const { warn, fail, confidence } = policy;
  if (!(warn >= 0 && fail >= warn && Number.isFinite(fail))) {
    throw usageError(`a change cannot warn from ${warn} and fail from ${fail}`, {
      code: 'bad-policy',
      hint: 'Both are shares from 0 upwards, and "fail" is at least "warn": { warn: 0.05, fail: 0.1 }.',
    });
  }
  if (!(confidence >= 0.5 && confidence <= 0.999)) {
    throw usageError(`an interval cannot have a confidence of ${confidence}`, {
      code: 'bad-policy',
      hint: 'Write a confidence from 0.5 to 0.999, such as 0.95.',
    });
  }
  return policy;
}
