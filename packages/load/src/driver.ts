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
  /** Only of requests that want it (`expectBody`, `keepAnswer`): as it came over the wire. Belongs to its receiver. */
  readonly body?: Buffer | undefined;
  /** Only of requests that want them (`keepAnswer`): the name in lower case, and the value, in the order of the answer. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
}

/** What opening a connection took, part by part. */
export interface ConnectionTiming {
  /** Looking the name up; 0 for an address, and for a name that is known already. */
  readonly dns: Nanos;
  /** From the address to a connection. */
  readonly connect: Nanos;
  /** The handshake of TLS; absent without. */
  readonly tls?: Nanos | undefined;
}

/** Where a driver reports. `token` is what the request was sent with. */
export interface DriverSink {
  answered(token: number, answer: Answer): void;
  failed(token: number, failure: Failure): void;
  /** There may be room again. Said too often rather than too rarely. */
  roomAgain(): void;
  /** A connection has been opened. */
  connected?(timing: ConnectionTiming): void;
  /**
   * A request was sent once more, because its connection had been closed by the target before the request arrived. It
   * goes on with the same token; its outcome is still to come.
   */
  replayed?(token: number): void;
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

/** Whom to trust, as `node:tls` has it. */
export interface TlsOptions {
  /** Certificates of authorities in PEM, instead of those that Node knows. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[];
  /** @default true */
  readonly rejectUnauthorized?: boolean;
  /** The name that the certificate must be for. @default the host of the url */
  readonly servername?: string;
}

/** What a driver for HTTP/1.1 may be told besides. */
export interface HttpDriverOptions extends DriverOptions {
  /** How long opening a connection may take. @default as long as `timeout` */
  readonly connectTimeout?: Nanos;
  /** From the writing of a request to the end of the head of its answer. @default as long as `timeout` */
  readonly headersTimeout?: Nanos;
  /** Whether connections are used again; without, every request opens one and asks the target to close it. @default true */
  readonly keepAlive?: boolean;
  /**
   * Whether a request is sent once more when the target had closed the kept-alive connection before the request arrived.
   * Without, that is the failure `stale_keepalive`.
   *
   * @default true
   */
  readonly replayStale?: boolean;
  /** How many requests may be in flight on one connection. @default 1 */
  readonly pipelining?: number;
  /**
   * How many connections there may be. Requests that are due beyond that wait, which is seen in `writtenAt`.
   *
   * @default no limit: a request never waits for another one's connection
   */
  readonly maxConnections?: number;
  /** A Unix socket to connect to, instead of the host and port of the url. */
  readonly socketPath?: string;
  readonly tls?: TlsOptions;
  /** Bytes of a body, without its chunk sizes. @default no limit, but 16 MiB where bodies are kept */
  readonly maxBody?: number;
  /** Bytes of a head, and of what stands between the chunks of a body. @default 64 KiB */
  readonly maxHeaders?: number;
}

export type DriverFactory = (options: DriverOptions) => Driver;
