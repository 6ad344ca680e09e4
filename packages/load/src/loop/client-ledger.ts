import type { EventEmitter } from 'node:events';
import type { Nanos } from '@perfkeel/core';
import { classifyError, type Failure } from '../failure.ts';
import { unexpected, type PreparedRequest } from '../prepared-request.ts';
import type { LoadRecorder, Sent } from '../record/load-recorder.ts';

const cutShort: Failure = { kind: 'closed_early', message: 'the connection ended without an answer' };

/** What a ledger tells the loop that it belongs to. */
export interface LedgerOptions {
  readonly recorder: LoadRecorder;
  readonly now: () => Nanos;
  /** Negative when a time belongs to none. */
  readonly phaseAt: (time: number) => number;
  readonly timeout: Nanos;
  /** In the order in which this client sends them. */
  readonly requests: readonly PreparedRequest[];
  /** After each outcome. */
  readonly onSettled: () => void;
}

/**
 * The book-keeping of one autocannon client, which has one request outstanding at any time. Its events are all that is
 * used; autocannon's own counts and times are not, because
 *
 * - it matches answers to requests by their order, and keeps requests whose connection is gone in that order: after one
 *   lost answer every time is wrong. Here an answer belongs to the latest request.
 * - it does not count a request that ends with its connection at all. Here the next request says that the last one is
 *   lost, unless a timeout is reported right behind it: then that is what the last one was.
 * - after an answer that ends its connection it still sends one request into that connection. Here that is no request.
 */
export class ClientLedger {
  readonly #options: LedgerOptions;
  #sentAt: number | undefined;
  #lostAt: number | undefined;
  #index = -1;
  #answering = false;
  #closing = false;
  /** Answers that ended in their middle. autocannon does not reset its parser, so that later answers may be misread. */
  cutAnswers = 0;

  constructor(client: EventEmitter, options: LedgerOptions) {
    this.#options = options;
    client.on('request', () => this.#sent());
    client.on('headers', (head: { shouldKeepAlive?: boolean }) => {
      this.#answering = true;
      this.#closing = head.shouldKeepAlive === false;
    });
    client.on('response', (status: number) => this.#answered(status));
    client.on('connError', (error: unknown) => this.#failed(classifyError(error)));
    client.on('timeout', () => this.#timedOut());
  }

  /** When the requests without an outcome were sent; at most one was lost and one is outstanding. */
  get pending(): readonly number[] {
    return [this.#lostAt, this.#sentAt].filter((time) => time !== undefined);
  }

  #sent(): void {
    this.#settleLost();
    this.#lostAt = this.#sentAt;
    if (this.#answering) this.cutAnswers += 1;
    this.#answering = false;
    this.#index += 1;
    this.#sentAt = this.#closing ? undefined : this.#options.now();
    this.#closing = false;
    if (this.#sentAt !== undefined) this.#counted(this.#sentAt, (sent) => this.#options.recorder.sent(sent));
  }

  #answered(status: number): void {
    this.#settleLost();
    this.#answering = false;
    const { recorder, now, requests, onSettled } = this.#options;
    const endedAt = now();
    const sentAt = this.#sentAt;
    if (sentAt === undefined) return;
    this.#sentAt = undefined;
    const request = requests[this.#index % requests.length]!;
    const wrong = unexpected(request, { status });
    this.#counted(sentAt, (sent) => recorder.answered(sent, endedAt, { status, bytes: 0 }, wrong));
    onSettled();
  }

  #failed(failure: Failure): void {
    this.#settleLost();
    this.#settle(this.#sentAt, failure);
    this.#sentAt = undefined;
  }

  #timedOut(): void {
    const ms = this.#options.timeout / 1e6;
    this.#settle(this.#lostAt, { kind: 'timeout', message: `no complete answer within ${ms} ms` });
    this.#lostAt = undefined;
  }

  #settleLost(): void {
    this.#settle(this.#lostAt, cutShort);
    this.#lostAt = undefined;
  }

  #settle(sentAt: number | undefined, failure: Failure): void {
    if (sentAt === undefined) return;
    this.#counted(sentAt, (sent) => this.#options.recorder.unanswered(sent, failure));
    this.#options.onSettled();
  }

  #counted(sentAt: number, count: (sent: Sent) => void): void {
    const phase = this.#options.phaseAt(sentAt);
    if (phase >= 0) count({ phase, endpoint: -1, intendedAt: sentAt, sentAt });
  }
}
