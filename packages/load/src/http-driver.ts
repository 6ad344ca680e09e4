import * as http from 'node:http';
import * as https from 'node:https';
import { msFromNanos, nanos, type Nanos } from '@perfkeel/core';
import { createConnectionPool } from './connection-pool.ts';
import type { Driver, DriverOptions, DriverSink } from './driver.ts';
import { classifyError, type Failure } from './failure.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { wirePath } from './wire-path.ts';

/**
 * HTTP/1.1 over `node:http` with kept-alive connections. Their number has no limit: a request that is due does not
 * wait for another one's connection, as the requests of unrelated users would not.
 */
export function createHttpDriver(options: DriverOptions): Driver {
  const { url, timeout, sink } = options;
  const secure = url.protocol === 'https:';
  const { request: issue } = secure ? https : http;
  const pool = createConnectionPool(secure, () => sink.roomAgain());
  const timeoutMs = msFromNanos(timeout);
  const wire = wireOptions(url, pool.agent);
  return {
    send(prepared, token) {
      const exchange = new Exchange(token, options);
      try {
        const request = issue(wire(prepared));
        exchange.follow(request, timeoutMs);
        request.end(prepared.body);
      } catch (error) {
        queueMicrotask(() => exchange.fail(classifyError(error)));
      }
    },
    hasRoom: () => pool.hasRoom(),
    close: () => pool.agent.destroy(),
  };
}

/** The options of `http.request`, made once for each prepared request. */
function wireOptions(url: URL, agent: http.Agent): (request: PreparedRequest) => http.RequestOptions {
  const known = new Map<PreparedRequest, http.RequestOptions>();
  const where: http.RequestOptions = {
    agent,
    protocol: url.protocol,
    // A URL writes an IPv6 address in brackets, a socket wants it without.
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url.port === '' ? {} : { port: url.port }),
  };
  return (request) => {
    let options = known.get(request);
    if (options === undefined) {
      const { method, path, headers } = request;
      options = { ...where, method, path: wirePath(url, path), headers };
      known.set(request, options);
    }
    return options;
  };
}

const cutShort = 'the connection closed before the answer was complete';

/** One request and its answer: whatever events arrive, in whatever order, the sink hears of it once. */
class Exchange {
  readonly #token: number;
  readonly #sink: DriverSink;
  readonly #now: () => Nanos;
  #writtenAt = nanos(0);
  #timer: NodeJS.Timeout | undefined;
  #settled = false;
  #answering = false;

  constructor(token: number, { sink, now }: DriverOptions) {
    this.#token = token;
    this.#sink = sink;
    this.#now = now;
  }

  follow(request: http.ClientRequest, timeoutMs: number): void {
    this.#timer = setTimeout(() => {
      this.fail({ kind: 'timeout', message: `no complete answer within ${timeoutMs} ms` });
      request.destroy();
    }, timeoutMs);
    this.#writtenAt = this.#now();
    request.on('response', (response) => this.#read(response));
    request.on('error', (error) => this.fail(classifyError(error)));
    // With a body that the end of the connection delimits, the request closes before the answer ends.
    request.on('close', () => {
      if (!this.#answering) this.fail({ kind: 'closed_early', message: cutShort });
    });
  }

  #read(response: http.IncomingMessage): void {
    this.#answering = true;
    const [writtenAt, firstByteAt] = [this.#writtenAt, this.#now()];
    response.on('end', () => {
      const answer = { status: response.statusCode ?? 0, bytes: 0, writtenAt, firstByteAt };
      if (this.#settle()) this.#sink.answered(this.#token, answer);
    });
    response.on('error', (error) => this.fail(classifyError(error)));
    response.on('close', () => this.fail({ kind: 'closed_early', message: cutShort }));
    response.resume();
  }

  fail(failure: Failure): void {
    if (this.#settle()) this.#sink.failed(this.#token, failure);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    return true;
  }
}
