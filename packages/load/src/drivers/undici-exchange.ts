import { nanos, type Nanos } from '@perfkeel/core';
import type { Dispatcher } from 'undici';
import type { Answer } from '../driver.ts';
import { Link } from '../http1/linked-list.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import type { UndiciConnection } from './undici-connections.ts';

/** What an exchange tells its driver. */
export interface ExchangeEvents {
  /** The request is on its way over a connection. */
  started(exchange: UndiciExchange): void;
  /** The connection is free of it; `outcome` is the answer, or the error. */
  ended(exchange: UndiciExchange, outcome: Answer | Error): void;
}

/** One request and its answer, as undici reports them. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly request: PreparedRequest;
  readonly token: number;
  readonly deadline = new Link<UndiciExchange>(this);
  connection: UndiciConnection | undefined;
  /** Its outcome has been told. */
  isOver = false;
  readonly #now: () => Nanos;
  readonly #events: ExchangeEvents;
  #controller: Dispatcher.DispatchController | undefined;
  #writtenAt = nanos(0);
  #firstByteAt = nanos(0);
  #status = 0;
  #bytes = 0;
  readonly #body: Buffer[] = [];
  #headers: Answer['headers'];

  constructor(request: PreparedRequest, token: number, now: () => Nanos, events: ExchangeEvents) {
    this.request = request;
    this.token = token;
    this.#now = now;
    this.#events = events;
  }

  /** Nobody waits for the answer any more. */
  abort(reason: Error): void {
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenAt = this.#now();
    this.#events.started(this);
    if (this.isOver) controller.abort(new Error('it took too long'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>> = {},
  ): void {
    // 100 and 103 only announce the answer.
    if (status < 200) return;
    this.#status = status;
    if (this.request.keepAnswer === true) this.#headers = pairsOf(headers);
    this.#firstByteAt = this.#now();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    // undici uses the memory of a chunk again.
    if (this.#keepsBody()) this.#body.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    const body = this.#keepsBody() ? { body: Buffer.concat(this.#body), headers: this.#headers } : {};
    const times = { writtenAt: this.#writtenAt, firstByteAt: this.#firstByteAt };
    this.#events.ended(this, { status: this.#status, bytes: this.#bytes, ...times, ...body });
  }

  #keepsBody(): boolean {
    return this.request.expectBody !== undefined || this.request.keepAnswer === true;
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#events.ended(this, error);
  }
}

const pairsOf = (headers: Readonly<Record<string, string | string[] | undefined>>): NonNullable<Answer['headers']> =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name.toLowerCase(), one] as const),
  );
