import type { Nanos } from '@perfkeel/core';
import type { Failure } from './failure.ts';
import type { PreparedRequest } from './prepared-request.ts';

/** Where a driver reports. `token` is what the request was sent with. */
export interface DriverSink {
  /** The answer has been read to its end. */
  answered(token: number, status: number): void;
  failed(token: number, failure: Failure): void;
  /** There may be room again. Said too often rather than too rarely. */
  roomAgain(): void;
}

/** What brings requests over the wire. When they are due is not its business. */
export interface Driver {
  /** Sends a request now. Its outcome reaches the sink exactly once, and never before `send` has returned. */
  send(request: PreparedRequest, token: number): void;
  /** False while so many connections are being opened that one more would only slow them down. */
  hasRoom(): boolean;
  /** Ends every connection. What is still in flight may fail or stay without an outcome. */
  close(): void;
}

export interface DriverOptions {
  readonly url: URL;
  /** From the send to the end of the answer. */
  readonly timeout: Nanos;
  readonly sink: DriverSink;
}

export type DriverFactory = (options: DriverOptions) => Driver;
