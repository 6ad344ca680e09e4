import type { Histogram, Nanos, PerSecond, Warning } from '@perfkeel/core';
import type { FailureKind } from './failure.ts';
import type { FailureCounts } from './load-recorder.ts';

/**
 * What a load run measured in its steady phase. Every request of it is in exactly one place:
 * `scheduled = completed + failed + dropped`. Histograms are in nanoseconds.
 */
export interface LoadResult {
  readonly model: 'open' | 'closed';
  /** How long the steady phase was. */
  readonly duration: Nanos;
  /** Requests that were due in the steady phase; in the closed model, those that were sent in it. */
  readonly scheduled: number;
  /** Complete answers with the expected status. */
  readonly completed: number;
  readonly failed: number;
  /** Never sent, or given up when the run was interrupted. */
  readonly dropped: number;
  /** Timeouts: they are in the histograms with the time that was waited, and mean "at least". */
  readonly censored: number;
  readonly failures: FailureCounts;
  /** What the system said at the first failure of each kind. */
  readonly firstMessages: Readonly<Partial<Record<FailureKind, string>>>;
  /** Complete answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /**
   * Complete answer minus intended start: all answers, good or not, and timeouts. Requests that failed in another way
   * have no response time. In the closed model it is the service time.
   */
  readonly responseTime: Histogram;
  /** Complete answer minus sent, of the same requests. */
  readonly serviceTime: Histogram;
  /** Sent minus intended start, of all requests that were sent; absent in the closed model. */
  readonly scheduleLag?: Histogram | undefined;
  /** Good answers that were complete within the steady phase, per second of it. */
  readonly throughput: PerSecond;
  /** Share of the requests due that were also sent within the steady phase; absent in the closed model. */
  readonly achieved?: number | undefined;
  /** Share of the steady phase in which this process was busy, in [0, 1]; waiting awake for an arrival is not. */
  readonly eventLoopUtilisation: number;
  /** Stopped before its time. */
  readonly interrupted: boolean;
  /** What makes the times less certain than they look. */
  readonly warnings: readonly Warning[];
}
