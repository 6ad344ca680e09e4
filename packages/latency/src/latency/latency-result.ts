import type { Histogram, Warning, LongCollection } from '@perfkeel/core';
import type { ClockCalibration } from '../clock-calibration.ts';
import type { LatencyMoment } from './call-course.ts';
import type { LatencyComponent } from './component-shares.ts';

/** What one process says of one operation. */
export interface LatencyResult {
  /**
   * Nanoseconds from call to result, of the calls that succeeded. Nothing is subtracted: about one reading of the clock
   * and, for what returns a promise, one turn of the microtask queue are in it.
   */
  readonly responseTime: Histogram;
  /** Timed calls, failed ones included. */
  readonly calls: number;
  /** Calls that threw or rejected. */
  readonly errors: number;
  /** Successful calls per second of the window from the first call to the last result. */
  readonly throughput: number;
  /**
   * The parts of the response time in the order of their declaration, `rest` last; empty when none are declared. Components
   * that no call marked are left out.
   */
  readonly components: readonly LatencyComponent[];
  /** The timed calls over time; empty where there are fewer than 64. */
  readonly moments: readonly LatencyMoment[];
  /** The longest garbage collections, of 5 ms and more, while calls were timed. */
  readonly collections: readonly LongCollection[];
  /** What can be told apart, and what telling costs. */
  readonly clock: ClockCalibration;
  readonly warnings: readonly Warning[];
}
