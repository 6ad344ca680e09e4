import type * as undiciModule from 'undici';
import type { Dispatcher } from 'undici';
import type { Answer, Driver, DriverFactory, DriverOptions, TlsOptions } from '../driver.ts';
import { classifyConnectError, classifyError, isLocalExhaustion, type Failure, type FailureKind } from '../failure.ts';
import { Deadlines, type DeadlineLine } from '../http1/deadlines.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import { wirePath } from '../wire-path.ts';
import type { UndiciChoice } from './driver-choice.ts';
import { UndiciConnections } from './undici-connections.ts';
import { UndiciExchange, type ExchangeEvents } from './undici-exchange.ts';

type Undici = Pick<typeof undiciModule, 'Client' | 'H2CClient' | 'ProxyAgent'>;

/** Requests at a time on one connection of HTTP/2: what servers allow by default. */
const streams = 100;
/** Ours are exact to a millisecond, those of undici to a second. */
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 };
const keepAliveMs = 600_000;

/**
 * Loads undici, which takes a while and which nobody else pays for.
 *
 * There is one client of it for each connection: its pools cost more processor time for each request.
 */
export async function prepareUndici(choice: UndiciChoice): Promise<DriverFactory> {
  const undici = await import('undici');
  return (options) => new UndiciDriver(undici, choice, options);
}

class UndiciDriver implements Driver, ExchangeEvents {
  readonly #options: DriverOptions;
  readonly #connections: UndiciConnections;
  readonly #deadlines: Deadlines;
  readonly #timeouts: DeadlineLine<UndiciExchange>;
  /** For a place on a connection, where their number has a limit. */
  readonly #waiting: UndiciExchange[] = [];
  readonly #paths = new Map<PreparedRequest, string>();

  constructor(undici: Undici, choice: UndiciChoice, options: DriverOptions) {
    const { http2 = false, proxy, connections = http2 ? 1 : Infinity } = choice;
    this.#options = options;
    // A proxy agent makes connections by itself, as many as there are requests.
    const limits =
      proxy === undefined ? { each: http2 ? streams : 1, connections } : { each: connections, connections: 1 };
    this.#connections = new UndiciConnections(() => createDispatcher(undici, choice, options), limits);
    this.#deadlines = new Deadlines(options.now);
    this.#timeouts = this.#deadlines.line(options.timeout, (exchange) => this.#timeOut(exchange));
  }

  hasRoom(): boolean {
    return this.#connections.hasRoom();
  }

  send(request: PreparedRequest, token: number): void {
    const exchange = new UndiciExchange(request, token, this.#options.now, this);
    this.#timeouts.add(exchange.deadline, this.#options.now());
    this.#waiting.push(exchange);
    this.#dispatchWaiting();
  }

  close(): void {
    this.#deadlines.stop();
    this.#waiting.length = 0;
    this.#connections.close();
  }

  started({ connection }: UndiciExchange): void {
    connection!.hasBeenOpen = true;
    this.#connections.opened(connection!);
  }

  ended(exchange: UndiciExchange, outcome: Answer | Error): void {
    const connection = exchange.connection!;
    this.#connections.opened(connection);
    this.#connections.release(connection);
    const secure = this.#options.url.protocol === 'https:';
    this.#report(exchange, outcome instanceof Error ? failureOf(outcome, secure, connection.hasBeenOpen) : outcome);
    this.#dispatchWaiting();
    this.#options.sink.roomAgain();
  }

  #dispatchWaiting(): void {
    while (this.#waiting.length > 0) {
      const connection = this.#connections.take();
      if (connection === undefined) return;
      const exchange = this.#waiting.shift()!;
      exchange.connection = connection;
      if (exchange.isOver) this.#connections.release(connection);
      else this.#dispatch(exchange, connection.dispatcher);
    }
  }

  #dispatch(exchange: UndiciExchange, dispatcher: Dispatcher): void {
    const { method, headers, body = null } = exchange.request;
    const { origin } = this.#options.url;
    try {
      dispatcher.dispatch({ origin, path: this.#pathOf(exchange.request), method, headers, body }, exchange);
    } catch (error) {
      // Nobody hears of an outcome before `send` has returned.
      queueMicrotask(() => exchange.onResponseError(undefined, error as Error));
    }
  }

  /** Made once for each request that is known in advance. */
  #pathOf(request: PreparedRequest): string {
    let path = this.#paths.get(request);
    if (path === undefined) {
      path = wirePath(this.#options.url, request.path);
      if (this.#paths.size < mostPaths) this.#paths.set(request, path);
    }
    return path;
  }

  #timeOut(exchange: UndiciExchange): void {
    const message = `no complete answer within ${this.#options.timeout / 1e6} ms`;
    this.#report(exchange, { kind: 'timeout', message });
    exchange.abort(new Error(message));
  }

  #report(exchange: UndiciExchange, outcome: Answer | Failure): void {
    if (exchange.isOver) return;
    exchange.isOver = true;
    exchange.deadline.leave();
    if ('kind' in outcome) this.#options.sink.failed(exchange.token, outcome);
    else this.#options.sink.answered(exchange.token, outcome);
  }
}

/** Requests that are made one by one would fill the memory. */
const mostPaths = 1000;

function createDispatcher(undici: Undici, choice: UndiciChoice, { url, timeout }: DriverOptions): Dispatcher {
  const { http2 = false, proxy, tls } = choice;
  const connect = { timeout: Math.ceil(timeout / 1e6), ...tlsOptions(tls) };
  const common = { ...noTimeouts, keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs };
  if (proxy !== undefined) return new undici.ProxyAgent({ ...common, uri: proxy, requestTls: connect });
  if (!http2) return new undici.Client(url.origin, { ...common, connect, pipelining: 1 });
  const multiplexed = { ...common, pipelining: streams, maxConcurrentStreams: streams };
  return url.protocol === 'https:'
    ? new undici.Client(url.origin, { ...multiplexed, connect, allowH2: true })
    : new undici.H2CClient(url.origin, { ...multiplexed, connect });
}

const tlsOptions = ({ ca, rejectUnauthorized, servername }: TlsOptions = {}): object => ({
  ...(ca === undefined ? {} : { ca }),
  ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  ...(servername === undefined ? {} : { servername }),
});

/** What undici calls it, by its own names and codes and by those of HTTP/2. */
const kinds: Readonly<Record<string, FailureKind>> = {
  HTTPParserError: 'parse',
  UND_ERR_SOCKET: 'closed_early',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  UND_ERR_INFO: 'closed_early',
  ERR_HTTP2_STREAM_ERROR: 'reset',
  ERR_HTTP2_SESSION_ERROR: 'reset',
  ERR_HTTP2_STREAM_CANCEL: 'reset',
  ERR_HTTP2_GOAWAY_SESSION: 'closed_early',
  ERR_HTTP2_ERROR: 'parse',
};

function failureOf(error: Error, secure: boolean, hadConnection: boolean): Failure {
  const named = kinds[(error as NodeJS.ErrnoException).code ?? ''] ?? kinds[error.name];
  if (hadConnection) return { ...classifyError(error), ...(named === undefined ? {} : { kind: named }) };
  const failure = classifyConnectError(error, false);
  // A certificate that is not trusted has one of many codes.
  const kind =
    named ?? (secure && failure.kind === 'other' && !isLocalExhaustion(failure.message) ? 'tls' : failure.kind);
  return { ...failure, kind };
}
