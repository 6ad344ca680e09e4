import type { Nanos } from '@perfkeel/core';
import type { Failure } from './failure.ts';
import type { PreparedRequest } from './prepared-request.ts';

/** An answer that has been read to its end. One object is used again and again: it is valid during the call only. */
export interface Answer {
  readonly status: number;
  /** Of the whole answer on the wire. */
  readonly bytes: number;
  /** When the request was handed to a connected socket, on the driver's clock: what lies before waited for a connection. */
  readonly writtenAt: Nanos;
  /** When the first byte of the answer arrived. */
  readonly firstByteAt: Nanos;
}

/** Where a driver reports. `token` is what the request was sent with. */
export interface DriverSink {
  answered(token: number, answer: Answer): void;
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
  /** Nanoseconds since the start of the run; every time that a driver reports is on this clock. */
  readonly now: () => Nanos;
  /** From the send to the end of the answer. */
  readonly timeout: Nanos;
  readonly sink: DriverSink;
}

export type DriverFactory = (options: DriverOptions) => Driver;
