import { msFromNanos, type Nanos } from '@perfkeel/core';
import type { Answer, ConnectionTiming, Driver, DriverSink } from '../driver.ts';
import type { Failure } from '../failure.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import { ConnectionPool, type PoolEvents } from './connection-pool.ts';
import { Deadlines, type DeadlineLine } from './deadlines.ts';
import type { DriverSettings } from './driver-settings.ts';
import { ExchangeStore, type Exchange } from './exchange.ts';
import { headersOf } from './kept-head.ts';
import { wireRequests, type WireRequest } from './wire-request.ts';

/** The one answer that a driver reports again and again. */
class ReusedAnswer implements Answer {
  status = 0;
  bytes = 0;
  writtenAt = 0 as Nanos;
  firstByteAt = 0 as Nanos;
  body: Buffer | undefined;
  headers: Answer['headers'];
}

/** HTTP/1.1 over `node:net` and `node:tls`. Between sending and outcome nothing is allocated here. */
export class Http1Driver implements Driver, PoolEvents {
  readonly #sink: DriverSink;
  readonly #now: () => Nanos;
  readonly #wireOf: (request: PreparedRequest) => WireRequest;
  readonly #exchanges = new ExchangeStore();
  readonly #deadlines: Deadlines;
  readonly #totals: DeadlineLine<Exchange>;
  readonly #heads: DeadlineLine<Exchange> | undefined;
  readonly #pool: ConnectionPool;
  readonly #answer = new ReusedAnswer();
  #closed = false;

  constructor(settings: DriverSettings) {
    const { url, keepAlive, now, sink, timeout, headersTimeout } = settings;
    this.#sink = sink;
    this.#now = now;
    this.#wireOf = wireRequests(url, keepAlive);
    this.#deadlines = new Deadlines(now);
    this.#totals = this.#deadlines.line(timeout, (exchange) => this.#tookTooLong(exchange, timeout));
    if (headersTimeout !== undefined) {
      this.#heads = this.#deadlines.line(headersTimeout, (exchange) => this.#headTookTooLong(exchange, headersTimeout));
    }
    this.#pool = new ConnectionPool({ ...settings, events: this, deadlines: this.#deadlines });
  }

  send(request: PreparedRequest, token: number): void {
    if (this.#closed) return;
    const now = this.#now();
    const exchange = this.#exchanges.take(token, this.#wireOf(request), now);
    this.#totals.add(exchange.totalDeadline, now);
    this.#pool.dispatch(exchange, now);
  }

  hasRoom(): boolean {
    return this.#pool.hasRoom();
  }

  close(): void {
    this.#closed = true;
    this.#deadlines.stop();
    this.#pool.close();
  }

  sent(exchange: Exchange): void {
    this.#heads?.add(exchange.headDeadline, exchange.writtenAt);
  }

  answered(exchange: Exchange, status: number): void {
    if (this.#closed) return;
    const { token, wire } = exchange;
    const answer = this.#answer;
    answer.status = status;
    answer.bytes = exchange.bytes;
    answer.writtenAt = exchange.writtenAt as Nanos;
    answer.firstByteAt = exchange.firstByteAt as Nanos;
    answer.headers = wire.keepHead ? headersOf(exchange.head!) : undefined;
    answer.body = wire.keepBody ? exchange.body?.toBuffer() : undefined;
    this.#exchanges.release(exchange);
    this.#sink.answered(token, answer);
  }

  failed(exchange: Exchange, failure: Failure): void {
    if (this.#closed) return;
    const { token } = exchange;
    this.#exchanges.release(exchange);
    this.#sink.failed(token, failure);
  }

  replayed(exchange: Exchange): void {
    this.#sink.replayed?.(exchange.token);
  }

  opened(timing: ConnectionTiming): void {
    if (!this.#closed) this.#sink.connected?.(timing);
  }

  roomAgain(): void {
    if (!this.#closed) this.#sink.roomAgain();
  }

  #tookTooLong(exchange: Exchange, timeout: Nanos): void {
    const what = exchange.connection === undefined ? 'connection' : 'complete answer';
    this.#giveUp(exchange, { kind: 'timeout', message: `no ${what} within ${msFromNanos(timeout)} ms` });
  }

  #headTookTooLong(exchange: Exchange, timeout: Nanos): void {
    if (exchange.connection?.hasHeadOf(exchange) === true) return;
    this.#giveUp(exchange, {
      kind: 'headers_timeout',
      message: `no head of an answer within ${msFromNanos(timeout)} ms`,
    });
  }

  #giveUp(exchange: Exchange, failure: Failure): void {
    if (exchange.connection === undefined) this.failed(exchange, failure);
    else exchange.connection.giveUp(exchange, failure);
  }
}
