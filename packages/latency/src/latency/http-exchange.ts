import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type ConnectionOptions } from 'node:tls';
import { credentialsOf, formatQuantity, messageOf, msFromNanos, type Nanos } from '@perfkeel/core';
import type { HttpComponent, HttpOptions, TlsTrust } from './http-options.ts';
import { isExpected, type PreparedRequest } from './http-request.ts';
import type { Mark } from './latency-call.ts';

export interface HttpClientOptions {
  /** Where the target answers. */
  readonly url: string;
  readonly connection: NonNullable<HttpOptions['connection']>;
  readonly timeout: Nanos;
  readonly tls?: TlsTrust | undefined;
}

/** One side of HTTP/1.1. */
export interface HttpClient {
  /** Sends a request and reads the answer to its end. Rejects when it does not come, or has another status. */
  exchange(request: PreparedRequest, mark: Mark<HttpComponent>): Promise<void>;
  /** Ends every connection, with whatever is under way on it. */
  close(): void;
}

/**
 * Requests over `node:http` and `node:https`, with a mark at each event of their sockets. What comes after the mark
 * `first-byte` is the body.
 */
export function openHttpClient({ url, connection, timeout, tls }: HttpClientOptions): HttpClient {
  const place = new URL(url);
  const secure = place.protocol === 'https:';
  const { Agent, request: issue } = secure ? https : http;
  // Without a session to resume, each connection shows a full handshake.
  const agent = new Agent({ keepAlive: connection === 'keep-alive', maxSockets: Infinity, maxCachedSessions: 0 });
  const where: https.RequestOptions = { agent, ...placeOf(place), ...(secure ? trustOf(tls) : {}) };
  return {
    exchange: (prepared, mark) =>
      new Promise((resolve, reject) => {
        const { method, path, headers, body } = prepared;
        const request = issue({ ...where, method, path: pathPrefix(place) + path, headers });
        follow({ request, prepared, timeout, mark, resolve, reject });
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

const pathPrefix = (place: URL): string => place.pathname.replace(/\/+$/, '');

function placeOf(url: URL): http.RequestOptions {
  const { protocol, hostname, port } = url;
  const auth = credentialsOf(url);
  return {
    protocol,
    // A URL writes an IPv6 address in brackets, a socket wants it without.
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port === '' ? {} : { port }),
    ...(auth === undefined ? {} : { auth }),
  };
}

/** Certificates are read once: that is work of this client, and no part of a handshake. */
function trustOf({ ca, rejectUnauthorized, servername }: TlsTrust = {}): Pick<ConnectionOptions, 'secureContext'> {
  return {
    secureContext: createSecureContext(ca === undefined ? {} : { ca }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  };
}

interface Exchange {
  readonly request: http.ClientRequest;
  readonly prepared: PreparedRequest;
  readonly timeout: Nanos;
  readonly mark: Mark<HttpComponent>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const cutShort = 'the connection closed before the answer was complete';

/** Whatever events arrive, in whatever order: the exchange ends once, and nothing is marked after that. */
function follow({ request, prepared, timeout, mark, resolve, reject }: Exchange): void {
  let settled = false;
  let answering = false;
  const timer = setTimeout(
    () => broke(`no complete answer within ${formatQuantity(timeout, 'ns')}`),
    msFromNanos(timeout),
  );
  const settle = (failure?: string, cause?: unknown): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    if (failure === undefined) resolve();
    else reject(new Error(`${prepared.method} ${prepared.path}: ${failure}`, { cause }));
  };
  const broke = (failure: string, cause?: unknown): void => {
    settle(failure, cause);
    request.destroy();
  };
  const errored = (error: Error): void => broke(messageOf(error), error);
  const passed = (component: HttpComponent): void => {
    if (!settled) mark(component);
  };
  request.on('socket', (socket) => {
    if (!request.reusedSocket) followConnection(socket, passed);
  });
  request.on('response', (response) => {
    answering = true;
    passed('first-byte');
    const status = response.statusCode ?? 0;
    // The connection is as good as before, whatever the status.
    response.on('end', () => settle(isExpected(prepared, status) ? undefined : unexpected(prepared, status)));
    response.on('error', errored);
    response.on('close', () => settle(cutShort));
    response.resume();
  });
  request.on('error', errored);
  // With a body that the end of the connection delimits, the request closes before the answer ends.
  request.on('close', () => {
    if (!answering) settle(cutShort);
  });
}

function followConnection(socket: Socket, passed: Mark<HttpComponent>): void {
  // There is no lookup of an address that is already one.
  socket.once('lookup', () => passed('dns'));
  socket.once('connect', () => passed('connect'));
  socket.once('secureConnect', () => passed('tls'));
}

const unexpected = ({ expect }: PreparedRequest, status: number): string =>
  `the status is ${status}; expected ${expect ?? 'one from 200 to 399'}`;
