import { createHistogram, type Histogram, type Nanos } from '@perfkeel/core';
import { failureKinds, type Failure, type FailureKind } from './failure.ts';
import type { Window } from './timeline.ts';

/** How often each kind of failure happened; every kind is there. */
export type FailureCounts = Readonly<Record<FailureKind, number>>;

const noFailures = (): Record<FailureKind, number> =>
  Object.fromEntries(failureKinds.map((kind) => [kind, 0])) as Record<FailureKind, number>;

/**
 * Counts what happened to every request. A request belongs to the measured window by its *intended* start, and from
 * then on to exactly one of completed, failed or dropped; only throughput goes by when an answer was complete.
 *
 * All times are in nanoseconds since the start of the run.
 */
export class LoadRecorder {
  /** Intended start to complete answer: of every request that was answered, or timed out and is known as "at least". */
  readonly responseTime: Histogram = createHistogram();
  /** Sent to complete answer, of the same requests. */
  readonly serviceTime: Histogram = createHistogram();
  /** Intended start to sent, of every request that was sent. */
  readonly scheduleLag: Histogram = createHistogram();
  readonly failures = noFailures();
  /** What the system said at the first failure of each kind. */
  readonly firstMessages: Partial<Record<FailureKind, string>> = {};
  readonly statuses: Record<number, number> = {};
  completed = 0;
  failed = 0;
  dropped = 0;
  /** Good answers that were complete inside the window, whenever they had been asked for. */
  completedInWindow = 0;
  /** Requests of the window that were also sent inside it. */
  sentInWindow = 0;
  /** Everything sent and everything settled, in any phase: for progress, and to notice that nothing answers at all. */
  readonly whole = { sent: 0, settled: 0, failures: noFailures() };
  readonly #window: Window;
  readonly #timeout: Nanos;

  constructor(window: Window, timeout: Nanos) {
    this.#window = window;
    this.#timeout = timeout;
  }

  /** Requests of the window that were sent, at whatever time. */
  get sentSteady(): number {
    return this.scheduleLag.count;
  }

  isSteady(intendedAt: number): boolean {
    return intendedAt >= this.#window.start && intendedAt < this.#window.end;
  }

  sent(intendedAt: number, sentAt: number): void {
    this.whole.sent += 1;
    if (!this.isSteady(intendedAt)) return;
    this.scheduleLag.record(sentAt - intendedAt);
    if (sentAt < this.#window.end) this.sentInWindow += 1;
  }

  /** A complete answer; `good` when its status is the expected one. */
  answered(intendedAt: number, sentAt: number, endedAt: number, status: number, good: boolean): void {
    this.whole.settled += 1;
    if (good && this.isSteady(endedAt)) this.completedInWindow += 1;
    if (!good) this.whole.failures.status += 1;
    if (!this.isSteady(intendedAt)) return;
    this.responseTime.record(endedAt - intendedAt);
    this.serviceTime.record(endedAt - sentAt);
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (good) this.completed += 1;
    else this.#countFailure({ kind: 'status', message: `status ${status}` });
  }

  /**
   * No complete answer. A timeout enters the distributions at the moment at which waiting ended. Any other failure
   * without an answer is counted and never timed: nothing was waited for to its end. So the distributions are those of
   * the survivors, and of answers with a wrong status (see `answered`), however fast: an objective for times means
   * something only beside one for errors, which is why `load` adds one where none is written.
   */
  failedWith(intendedAt: number, sentAt: number, failure: Failure): void {
    this.whole.settled += 1;
    this.whole.failures[failure.kind] += 1;
    if (!this.isSteady(intendedAt)) return;
    this.#countFailure(failure);
    if (failure.kind !== 'timeout') return;
    this.responseTime.record(sentAt - intendedAt + this.#timeout);
    this.serviceTime.record(this.#timeout);
  }

  /** A request of the window that was never sent, or was given up when the run was interrupted. */
  droppedAt(intendedAt: number): void {
    if (this.isSteady(intendedAt)) this.dropped += 1;
  }

  #countFailure({ kind, message }: Failure): void {
    this.failed += 1;
    this.failures[kind] += 1;
    this.firstMessages[kind] ??= message;
  }
}
