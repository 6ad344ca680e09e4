import type { Nanos } from '@perfkeel/core';
import type { Answer, ConnectionTiming } from '../driver.ts';
import type { Failure, FailureKind } from '../failure.ts';
import { windowsOf, type Phase, type Window } from '../profile/phase.ts';
import { ConnectionTally } from './connection-tally.ts';
import { Tally } from './tally.ts';

/** One request on its way: where it is counted, and since when it is waited for. Times since the start of the run. */
export interface Sent {
  /** By its intended start. */
  readonly phase: number;
  /** -1 when it has no name of its own. */
  readonly endpoint: number;
  readonly intendedAt: number;
  readonly sentAt: number;
}

/** What is known of an answer beside when it was complete; drivers that do not see a part leave it out. */
export type AnswerParts = Pick<Answer, 'status' | 'bytes'> & Partial<Pick<Answer, 'writtenAt' | 'firstByteAt'>>;

/** A request of a piece of work that has several. */
export interface StepTime {
  readonly status: number;
  /** In nanoseconds. */
  readonly took: number;
}

/** The tallies of one thread that sends. */
export interface LoadRecord {
  /** Everything in any phase; its times are the response time and the schedule lag. */
  readonly whole: Tally;
  /** One for each phase, measured or not. */
  readonly phases: readonly Tally[];
  /** One for each endpoint, of measured phases only. */
  readonly endpoints: readonly Tally[];
  /** Of the whole run. */
  readonly connections: ConnectionTally;
}

export function newRecord(phases: number, endpoints: number): LoadRecord {
  const tallies = (count: number): Tally[] => Array.from({ length: count }, () => new Tally());
  const connections = new ConnectionTally();
  return { whole: new Tally(), phases: tallies(phases), endpoints: tallies(endpoints), connections };
}

/** What a thread knows of its requests beside its tallies. */
export interface LoadAccounts {
  /** Requests of any phase that are over, dropped ones aside; how many of them never had a connection. */
  readonly settled: number;
  readonly neverConnected: number;
  /** What the system said at the first failure of each kind. */
  readonly firstMessages: Readonly<Partial<Record<FailureKind, string>>>;
}

/**
 * Counts what happened to every request. A request belongs to a phase by its *intended* start, and from then on to
 * exactly one of completed, failed or dropped; only throughput goes by when an answer was complete.
 *
 * All times are in nanoseconds since the start of the run.
 */
export class LoadRecorder implements LoadRecord, LoadAccounts {
  readonly whole: Tally;
  readonly phases: readonly Tally[];
  readonly endpoints: readonly Tally[];
  readonly connections: ConnectionTally;
  readonly firstMessages: Partial<Record<FailureKind, string>> = {};
  settled = 0;
  neverConnected = 0;
  readonly #recorded: readonly boolean[];
  readonly #windows: readonly Window[];
  readonly #timeout: Nanos;

  /** @param record what it counts on; a fresh one by default, that of another thread in a worker */
  constructor(
    phases: readonly Phase[],
    endpoints: number,
    timeout: Nanos,
    record = newRecord(phases.length, endpoints),
  ) {
    this.whole = record.whole;
    this.phases = record.phases;
    this.endpoints = record.endpoints;
    this.connections = record.connections;
    this.#recorded = phases.map(({ record }) => record);
    this.#windows = windowsOf(phases);
    this.#timeout = timeout;
  }

  sent({ phase, endpoint, intendedAt, sentAt }: Sent): void {
    const tally = this.phases[phase]!;
    tally.count('sent');
    tally.scheduleLag.record(sentAt - intendedAt);
    this.whole.count('sent');
    this.whole.scheduleLag.record(sentAt - intendedAt);
    if (sentAt < this.#windows[phase]!.end) tally.count('sentInTime');
    this.#endpoint(phase, endpoint)?.count('sent');
  }

  /** A complete answer; `wrong` says why it is not the expected one. */
  answered({ phase, endpoint, intendedAt, sentAt }: Sent, endedAt: number, answer: AnswerParts, wrong?: Failure): void {
    this.settled += 1;
    const tally = this.phases[phase]!;
    tally.responseTime.record(endedAt - intendedAt);
    this.whole.responseTime.record(endedAt - intendedAt);
    tally.serviceTime.record(endedAt - sentAt);
    if (answer.writtenAt !== undefined) tally.connectionWait.record(answer.writtenAt - sentAt);
    if (answer.firstByteAt !== undefined) tally.firstByte.record(answer.firstByteAt - sentAt);
    tally.countStatus(answer.status);
    tally.count('bytes', answer.bytes);
    const own = this.#endpoint(phase, endpoint);
    own?.responseTime.record(endedAt - intendedAt);
    own?.countStatus(answer.status);
    if (wrong !== undefined) {
      tally.wrongAnswerTime.record(endedAt - intendedAt);
      return this.#failed(phase, endpoint, wrong);
    }
    tally.count('completed');
    this.whole.count('completed');
    own?.count('completed');
    this.#countThroughput(phase, endedAt);
  }

  /**
   * No complete answer. Nobody knows how long it would have taken, but it is not among the quick ones: it enters the
   * distributions as a request that took at least as long as the timeout, so that its rank is right up to there. A server
   * that resets every hundredth connection at once cannot keep a promise about p99 by that.
   */
  unanswered({ phase, endpoint, intendedAt, sentAt }: Sent, failure: Failure): void {
    this.settled += 1;
    if (failure.kind === 'connect_refused' || failure.kind === 'dns' || failure.kind === 'tls')
      this.neverConnected += 1;
    const tally = this.phases[phase]!;
    const atLeast = sentAt - intendedAt + this.#timeout;
    tally.responseTime.record(atLeast);
    this.whole.responseTime.record(atLeast);
    tally.serviceTime.record(this.#timeout);
    tally.firstByte.record(this.#timeout);
    this.#endpoint(phase, endpoint)?.responseTime.record(atLeast);
    this.#failed(phase, endpoint, failure);
  }

  /** One more attempt at a request that is under way. */
  retried({ phase, endpoint }: Sent): void {
    this.phases[phase]!.count('retried');
    this.whole.count('retried');
    this.#endpoint(phase, endpoint)?.count('retried');
  }

  /** A request that is under way was sent once more, since its connection had been closed before it arrived. */
  replayed({ phase, endpoint }: Sent): void {
    this.phases[phase]!.count('replayed');
    this.#endpoint(phase, endpoint)?.count('replayed');
  }

  connected(timing: ConnectionTiming): void {
    this.connections.record(timing);
  }

  /** A request that was due and is never sent. */
  unsent(phase: number, endpoint: number): void {
    this.phases[phase]!.count('unsent');
    this.whole.count('unsent');
    this.#endpoint(phase, endpoint)?.count('unsent');
    this.givenUp(phase, endpoint);
  }

  /** A request that nobody waits for any longer, because the run was interrupted. */
  givenUp(phase: number, endpoint: number): void {
    this.phases[phase]!.count('dropped');
    this.whole.count('dropped');
    this.#endpoint(phase, endpoint)?.count('dropped');
  }

  /** A request of a piece of work that has several, which is counted as a whole beside them. */
  stepSent(phase: number, endpoint: number): void {
    this.#endpoint(phase, endpoint)?.count('sent');
  }

  /** @param answer `undefined` when there was none: then it took at least the timeout, as everything without an answer */
  stepEnded(phase: number, endpoint: number, answer: StepTime | undefined, failure: Failure | undefined): void {
    const tally = this.#endpoint(phase, endpoint);
    if (tally === undefined) return;
    tally.responseTime.record(answer?.took ?? this.#timeout);
    if (answer !== undefined) tally.countStatus(answer.status);
    if (failure === undefined) tally.count('completed');
    else tally.countFailure(failure.kind);
  }

  /** A request that was under way when its work was given up. */
  stepGivenUp(phase: number, endpoint: number): void {
    this.#endpoint(phase, endpoint)?.count('dropped');
  }

  #endpoint(phase: number, endpoint: number): Tally | undefined {
    return endpoint >= 0 && this.#recorded[phase] ? this.endpoints[endpoint] : undefined;
  }

  /** A good answer counts where it was complete, whenever it had been asked for; behind the last phase nowhere. */
  #countThroughput(phase: number, endedAt: number): void {
    for (let at = phase; at < this.#windows.length; at++) {
      if (endedAt < this.#windows[at]!.end) return this.phases[at]!.count('completedInWindow');
    }
  }

  #failed(phase: number, endpoint: number, { kind, message }: Failure): void {
    this.phases[phase]!.countFailure(kind);
    this.whole.countFailure(kind);
    this.#endpoint(phase, endpoint)?.countFailure(kind);
    this.firstMessages[kind] ??= message;
  }
}
