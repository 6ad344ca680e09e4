import { once } from 'node:events';
import * as net from 'node:net';
import { nanos, type Nanos } from '@perfkeel/core';
import { afterEach } from 'vitest';
import type { Answer, ConnectionTiming, Driver, DriverSink, HttpDriverOptions } from '../../src/driver.ts';
import type { Failure } from '../../src/failure.ts';
import { createHttpDriver } from '../../src/http-driver.ts';
import { prepareRequest, type RequestOptions } from '../../src/prepared-request.ts';

/** What became of a request: a copy, since the answer itself is used again. */
export type Outcome = Answer | Failure;

export type ClientOptions = Omit<Partial<HttpDriverOptions>, 'url' | 'sink'>;

/** A driver for HTTP/1.1 whose outcomes are promises. An outcome too many is an error. */
export class DriverClient implements DriverSink {
  readonly driver: Driver;
  readonly now = (): Nanos => nanos(performance.now() * 1e6);
  readonly timings: ConnectionTiming[] = [];
  readonly replays: number[] = [];
  rooms = 0;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #tokens = 0;
  #sending = false;

  constructor(url: string, options: ClientOptions = {}) {
    this.driver = createHttpDriver({
      timeout: nanos(20e9),
      ...options,
      url: new URL(url),
      now: this.now,
      sink: this,
    });
  }

  get inFlight(): number {
    return this.#waiting.size;
  }

  send(options: Partial<RequestOptions> = {}): Promise<Outcome> {
    const request = prepareRequest({ path: '/', ...options });
    const token = this.#tokens++;
    return new Promise((resolve) => {
      this.#waiting.set(token, resolve);
      this.#sending = true;
      this.driver.send(request, token);
      this.#sending = false;
    });
  }

  /** So many at once. */
  sendAll(count: number, options: Partial<RequestOptions> = {}): Promise<Outcome[]> {
    return Promise.all(Array.from({ length: count }, () => this.send(options)));
  }

  /** So many, each when the one before it has its outcome. */
  async sendInTurn(count: number, options: Partial<RequestOptions> = {}): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let i = 0; i < count; i++) outcomes.push(await this.send(options));
    return outcomes;
  }

  answered(token: number, answer: Answer): void {
    this.#settle(token, { ...answer });
  }

  failed(token: number, failure: Failure): void {
    this.#settle(token, failure);
  }

  roomAgain(): void {
    this.rooms += 1;
  }

  connected(timing: ConnectionTiming): void {
    this.timings.push(timing);
  }

  replayed(token: number): void {
    this.replays.push(token);
  }

  #settle(token: number, outcome: Outcome): void {
    const resolve = this.#waiting.get(token);
    if (resolve === undefined) throw new Error(`a second outcome of ${token}: ${JSON.stringify(outcome)}`);
    if (this.#sending) throw new Error(`an outcome of ${token} before send has returned`);
    this.#waiting.delete(token);
    resolve(outcome);
  }
}

/** The kind of a failure, or the status of an answer. */
export const shortly = (outcome: Outcome): string | number => ('kind' in outcome ? outcome.kind : outcome.status);

/** How often each of them happened. */
export function countOutcomes(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of outcomes.map(shortly)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** A server that speaks bytes: `onConnection` does what it likes. */
export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** All connections there have been, in their order. */
  readonly sockets: net.Socket[];
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, on this one, or at a path. */
export async function serveBytes(
  onConnection: (socket: net.Socket, index: number) => void,
  where?: string | number,
): Promise<RawServer> {
  const sockets: net.Socket[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket, sockets.push(socket) - 1);
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Calls back at the end of each head. Heads only: requests have no bodies. */
export function onHeads(socket: net.Socket, onHead: (head: string, index: number) => void): void {
  let [text, index] = ['', 0];
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end + 4);
      text = text.slice(end + 4);
      onHead(head, index++);
    }
  });
}

/** Servers and clients of one test, which go with it. */
export interface DriverParts {
  readonly serve: (onConnection: (socket: net.Socket, index: number) => void, path?: string) => Promise<RawServer>;
  /** Requests are counted over all connections. */
  readonly serveHeads: (onHead: (socket: net.Socket, request: number, head: string) => void) => Promise<RawServer>;
  readonly client: (server: { readonly url: string }, options?: ClientOptions) => DriverClient;
}

export function driverParts(): DriverParts {
  let [servers, clients]: [RawServer[], DriverClient[]] = [[], []];
  afterEach(async () => {
    for (const { driver } of clients) driver.close();
    await Promise.all(servers.map((server) => server.close()));
    [servers, clients] = [[], []];
  });
  const parts: DriverParts = {
    async serve(onConnection, path) {
      const server = await serveBytes(onConnection, path);
      servers.push(server);
      return server;
    },
    serveHeads(onHead) {
      let request = 0;
      return parts.serve((socket) => onHeads(socket, (head) => onHead(socket, request++, head)));
    },
    client({ url }, options) {
      const client = new DriverClient(url, options);
      clients.push(client);
      return client;
    },
  };
  return parts;
}
