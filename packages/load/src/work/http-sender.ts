import { messageOf, type Nanos } from '@perfkeel/core';
import type { Answer, ConnectionTiming, Driver, DriverFactory, DriverSink } from '../driver.ts';
import type { Failure } from '../failure.ts';
import { unexpected, type PreparedRequest } from '../prepared-request.ts';
import type { RequestSource } from './request-source.ts';
import type { Sender, SenderFactory, SenderOptions, SenderSink } from './sender.ts';

/** Requests to one url. */
export interface HttpWork {
  readonly url: URL;
  readonly source: RequestSource;
  /** From the send to the end of the answer. */
  readonly timeout: Nanos;
}

/** Sends requests over a driver, and tells the answers that were hoped for from the others. */
export const httpSender =
  (work: HttpWork, createDriver: DriverFactory): SenderFactory =>
  (options) =>
    new HttpSender(work, createDriver, options);

class HttpSender implements Sender, DriverSink {
  readonly #source: RequestSource;
  readonly #sink: SenderSink;
  readonly #driver: Driver;
  /** What was sent with each slot, and which piece of work that was. */
  readonly #sent: PreparedRequest[] = [];
  readonly #indexes: number[] = [];

  constructor({ url, source, timeout }: HttpWork, createDriver: DriverFactory, { now, sink }: SenderOptions) {
    this.#source = source;
    this.#sink = sink;
    this.#driver = createDriver({ url, now, timeout, sink: this });
  }

  endpointOf(index: number): number {
    return this.#source.endpointOf(index);
  }

  send(index: number, slot: number, client: number): void {
    // What is tried again is the same request: another one would be made of another row.
    const again = this.#indexes[slot] === index;
    const request = again ? this.#sent[slot] : this.#make(index, slot, client);
    if (request === undefined) return;
    this.#sent[slot] = request;
    this.#indexes[slot] = index;
    this.#driver.send(request, slot);
  }

  hasRoom(): boolean {
    return this.#driver.hasRoom();
  }

  close(): void {
    this.#driver.close();
  }

  answered(slot: number, answer: Answer): void {
    this.#sink.answered(slot, answer, unexpected(this.#sent[slot]!, answer));
  }

  failed(slot: number, failure: Failure): void {
    this.#sink.failed(slot, failure);
  }

  replayed(slot: number): void {
    this.#sink.replayed?.(slot);
  }

  connected(timing: ConnectionTiming): void {
    this.#sink.connected?.(timing);
  }

  roomAgain(): void {
    this.#sink.roomAgain();
  }

  /** A request that cannot be made is one that failed. */
  #make(index: number, slot: number, client: number): PreparedRequest | undefined {
    try {
      return this.#source.requestOf(index, client);
    } catch (error) {
      const message = `the request could not be made: ${messageOf(error)}`;
      queueMicrotask(() => this.#sink.failed(slot, { kind: 'other', message }));
      return undefined;
    }
  }
}
