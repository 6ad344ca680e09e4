import { createHistogram, type Clock } from '@perfkeel/core';
import { CallCourse } from './call-course.ts';
import type { LatencyResult } from './latency-result.ts';
import { someFailed } from './latency-warnings.ts';

/** A quarter of a second: progress costs the measured process a message. */
const progressInterval = 250e6;

/**
 * Collects the outcome of calls, allocating nothing for them; its window begins when it is created.
 *
 * @param progress called at most four times a second, with the calls so far
 */
export class Tally {
  readonly #responseTime = createHistogram();
  readonly #begin: number;
  readonly #course: CallCourse;
  readonly #progress: (calls: number) => void;
  #last: number;
  #reported: number;
  #errors = 0;
  #firstError: unknown;

  constructor(clock: Clock, progress: (calls: number) => void = () => undefined) {
    this.#begin = clock.now();
    this.#course = new CallCourse(this.#begin);
    this.#last = this.#begin;
    this.#reported = this.#begin;
    this.#progress = progress;
  }

  succeeded(start: number, end: number): void {
    this.#responseTime.record(end - start);
    this.#course.record(end, end - start);
    this.#ended(end);
  }

  failed(error: unknown, end: number): void {
    if (this.#errors++ === 0) this.#firstError = error;
    this.#ended(end);
  }

  #ended(end: number): void {
    if (end > this.#last) this.#last = end;
    if (end - this.#reported < progressInterval) return;
    this.#reported = end;
    this.#progress(this.#responseTime.count + this.#errors);
  }

  /** @throws the first error as it is, when there was nothing else */
  result(): Omit<LatencyResult, 'components' | 'clock' | 'collections'> {
    const responseTime = this.#responseTime;
    const errors = this.#errors;
    if (responseTime.count === 0) throw this.#firstError;
    const calls = responseTime.count + errors;
    // A window of nothing, on a coarse clock, is taken as its smallest step.
    const throughput = (responseTime.count / Math.max(this.#last - this.#begin, 1)) * 1e9;
    const moments = this.#course.moments();
    return { responseTime, calls, errors, throughput, moments, warnings: someFailed(errors, calls, this.#firstError) };
  }
}
