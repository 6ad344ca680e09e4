import { createHistogram, messageOf, type Clock, type Histogram, type Warning } from '@perfkeel/core';

/** What one process says of one operation. */
export interface LatencyResult {
  /** Nanoseconds from call to result, of the calls that succeeded. */
  readonly responseTime: Histogram;
  /** Timed calls, failed ones included. */
  readonly calls: number;
  /** Calls that threw or rejected. */
  readonly errors: number;
  /** Successful calls per second of the window from the first call to the last result. */
  readonly throughput: number;
  readonly warnings: readonly Warning[];
}

/** What became of one call; times in ns. */
export type Attempt =
  | { readonly ok: true; readonly start: number; readonly end: number }
  | { readonly ok: false; readonly end: number; readonly error: unknown };

/** Makes one call. Never rejects: a failure is data. */
export async function attempt(clock: Clock, call: () => unknown): Promise<Attempt> {
  const start = clock.now();
  try {
    await call();
    return { ok: true, start, end: clock.now() };
  } catch (error) {
    return { ok: false, end: clock.now(), error };
  }
}

/** The calls so far. */
export interface Tally {
  readonly calls: number;
  add(attempt: Attempt): void;
  result(): LatencyResult;
}

/** Collects the outcome of calls; its window begins when it is created. */
export function createTally(clock: Clock): Tally {
  const responseTime = createHistogram();
  const begin = clock.now();
  let last: number = begin;
  let errors = 0;
  let firstError: unknown;
  return {
    get calls() {
      return responseTime.count + errors;
    },
    add(attempt) {
      last = Math.max(last, attempt.end);
      if (attempt.ok) responseTime.record(attempt.end - attempt.start);
      else if (errors++ === 0) firstError = attempt.error;
    },
    result() {
      if (responseTime.count === 0) throw firstError;
      const calls = responseTime.count + errors;
      // A window of nothing, on a coarse clock, is taken as its smallest step.
      const throughput = (responseTime.count / Math.max(last - begin, 1)) * 1e9;
      return { responseTime, calls, errors, throughput, warnings: someFailed(errors, calls, firstError) };
    },
  };
}

function someFailed(errors: number, calls: number, firstError: unknown): readonly Warning[] {
  if (errors === 0) return [];
  const message = `${errors} of ${calls} calls failed and are not in the response time; the first: ${messageOf(firstError)}`;
  return [{ code: 'some-failed', message }];
}
