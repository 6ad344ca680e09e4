import { PerfError } from '@perfkeel/core';

/** What a function throws, when it is an error for people; anything else is a failure of the test. */
export function failureOf(act: () => unknown): PerfError {
  try {
    act();
  } catch (error) {
    if (error instanceof PerfError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}
