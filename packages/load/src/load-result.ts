import type { Histogram, Nanos, PerSecond, Warning, LongCollection } from '@perfkeel/core';
import type { EvidenceResult } from './evidence/evidence-result.ts';
import type { FailureKind } from './failure.ts';
import type { GeneratorHealth } from './health/generator-health.ts';
import type { ConnectionTimes } from './record/connection-tally.ts';
import type { LoadInterval } from './record/load-series.ts';
import type { WorstWindow } from './record/window-watch.ts';
import type { FailureCounts } from './record/tally.ts';

/**
 * What happened to some requests. Every one of them is in exactly one place: `scheduled = completed + failed + dropped`.
 * Histograms are in nanoseconds, and hold every request that was not dropped: those without an answer as having taken at
 * least the timeout.
 */
export interface RequestResult {
  /** Requests that were due; in the closed model, those that were sent. */
  readonly scheduled: number;
  /** Complete answers with the expected status. */
  readonly completed: number;
  readonly failed: number;
  /** Attempts beyond the first of a request; only where it is idempotent. */
  readonly retried: number;
  /**
   * Requests that were sent once more because the target had closed their kept-alive connection before they arrived. Only
   * the driver `http1` does that; it is no failure and no retry.
   */
  readonly replayed: number;
  /** Never sent, or given up when the run was interrupted. */
  readonly dropped: number;
  /**
   * Requests without an answer, for whatever reason: they are in the histograms with the longest time that anybody waits,
   * and mean "at least". So quantiles are known up to `1 - censored / responseTime.count`.
   */
  readonly censored: number;
  readonly failures: FailureCounts;
  /** Complete answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Complete answer minus intended start. In the closed model it is the service time. */
  readonly responseTime: Histogram;
}

/** The requests of one phase. A request belongs to the phase in which it was due. */
export interface PhaseResult extends RequestResult {
  readonly name: string;
  /** When it began, since the start of the run. */
  readonly start: Nanos;
  readonly duration: Nanos;
  /** Complete answer minus sent, of the same requests. */
  readonly serviceTime: Histogram;
  /** Sent minus intended start, of all requests that were sent; absent in the closed model. */
  readonly scheduleLag?: Histogram | undefined;
  /** Written to a connection minus sent, of the requests that were answered. */
  readonly connectionWait: Histogram;
  /** First byte of the answer minus sent; requests without an answer as in `responseTime`. */
  readonly firstByte: Histogram;
  /** The part of `responseTime` that is of complete answers that were not the expected ones. */
  readonly wrongAnswerTime?: Histogram | undefined;
  /**
   * Good answers that were complete within the phase, per second of it; at most as many as its own requests had. What an
   * earlier phase left to be answered counts only in place of as much that this one leaves: a backlog makes no phase faster.
   */
  readonly throughput: PerSecond;
  /** Share of the requests due that were also sent within the phase; absent in the closed model. */
  readonly achieved?: number | undefined;
}

/** The requests with one name, in all measured phases. */
export interface EndpointResult extends RequestResult {
  readonly name: string;
}

/** What a run of load measured: all measured phases together, and each by itself. */
export interface LoadResult extends Omit<PhaseResult, 'name' | 'start'> {
  readonly model: 'open' | 'closed';
  /** How long was measured. */
  readonly duration: Nanos;
  /** The measured phases, in their order. */
  readonly phases: readonly PhaseResult[];
  /** One for each name among the requests. */
  readonly endpoints: readonly EndpointResult[];
  /** What opening connections took. Only the driver `http1` tells; nothing was opened as far as the others know. */
  readonly connections: ConnectionTimes;
  /** The whole run in intervals, also what is not measured: seconds, and longer ones in a run of many minutes. */
  readonly series: readonly LoadInterval[];
  /** The worst window of each kind that objectives speak of. */
  readonly windows: readonly WorstWindow[];
  /** What the system said at the first failure of each kind. */
  readonly firstMessages: Readonly<Partial<Record<FailureKind, string>>>;
  /** How the generator itself fared while it was measured. */
  readonly health: GeneratorHealth;
  /** The longest garbage collections, of 5 ms and more, in the threads that sent; absent while a run is under way. */
  readonly collections?: readonly LongCollection[] | undefined;
  /** What the target told of itself meanwhile, and what holds it up; absent where nobody asked. */
  readonly evidence?: EvidenceResult | undefined;
  /** Stopped before its time. */
  readonly interrupted: boolean;
  /** What makes the times less certain than they look. */
  readonly warnings: readonly Warning[];
}
