import { msFromNanos, type Nanos } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import { isLocalExhaustion, type Failure } from '../failure.ts';
import { BackOff } from './back-off.ts';
import { Connection, type ConnectionEvents, type ConnectionOptions } from './connection.ts';
import type { DeadlineLine, Deadlines } from './deadlines.ts';
import type { Exchange } from './exchange.ts';
import { LinkedList } from './linked-list.ts';

/**
 * Connections that may be in the making at the same time; open ones have no limit. Without this, a generator that has
 * fallen behind opens one connection for each request it owes, is slowed down by that, owes more, and never recovers.
 */
const mostOpening = 64;

/** How long a target may take to end a connection that nobody uses any more. */
const patience = 500e6 as Nanos;

/** What a pool tells of the requests that were given to it. */
export interface PoolEvents {
  /** A request has been written to a connection. */
  sent(exchange: Exchange): void;
  answered(exchange: Exchange, status: number): void;
  failed(exchange: Exchange, failure: Failure): void;
  replayed(exchange: Exchange): void;
  opened(timing: ConnectionTiming): void;
  /** There may be room again. */
  roomAgain(): void;
}

export interface PoolOptions extends Omit<ConnectionOptions, 'events'> {
  readonly events: PoolEvents;
  readonly deadlines: Deadlines;
  readonly connectTimeout: Nanos;
  readonly maxConnections: number;
  readonly replayStale: boolean;
}

/**
 * Sends each request on the connection that was used last, or opens one. Requests that wait are served in their order,
 * by whichever connection is there first.
 */
export class ConnectionPool implements ConnectionEvents {
  readonly #options: PoolOptions;
  readonly #connectionOptions: ConnectionOptions;
  readonly #opens: DeadlineLine<Connection>;
  readonly #leaves: DeadlineLine<Connection>;
  readonly #all = new Set<Connection>();
  /** Those with room for a request; the one used last is the last one. */
  readonly #available: Connection[] = [];
  readonly #waiting = new LinkedList<Exchange>();
  /** Those that a new connection has to be opened for: the old ones may all be as dead as the one they were on. */
  readonly #replays = new LinkedList<Exchange>();
  readonly #backOff = new BackOff();
  #opening = 0;
  #open = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    const { deadlines, connectTimeout } = options;
    this.#options = options;
    this.#connectionOptions = { ...options, events: this };
    this.#opens = deadlines.line(connectTimeout, (connection) => this.#tookTooLong(connection));
    this.#leaves = deadlines.line(patience, (connection) => connection.expire());
  }

  hasRoom(): boolean {
    return this.#available.length > 0 || this.#opening < mostOpening;
  }

  dispatch(exchange: Exchange, now: Nanos): void {
    const connection = this.#available[this.#available.length - 1];
    if (connection === undefined) {
      this.#waiting.push(exchange.place);
      this.#openMore();
    } else {
      this.#send(connection, exchange, now);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const connection of this.#all) connection.destroy();
  }

  opened(connection: Connection, timing: ConnectionTiming): void {
    connection.deadline.leave();
    this.#opening -= 1;
    this.#open += 1;
    this.#backOff.succeeded();
    const replay = this.#replays.shift();
    if (replay !== undefined) this.#send(connection, replay, this.#options.now());
    this.#fill(connection);
    this.#openMore();
    this.#options.events.opened(timing);
    this.#options.events.roomAgain();
  }

  refused(connection: Connection, failure: Failure): void {
    const { pipelining, maxConnections, events, now } = this.#options;
    const hopeless = isHopeless(failure);
    const isProbe = hopeless && this.#backOff.isProbe(connection.beganAt);
    const forAll = isProbe && (maxConnections === Infinity || this.#open === 0);
    this.#opening -= 1;
    this.#backOff.failed(connection.beganAt, now(), hopeless);
    // An attempt stands for the requests that would have been sent on it, one after a failure for all that wait.
    const without = this.#waiting.size + this.#replays.size - this.#opening * pipelining;
    for (let left = forAll ? without : Math.min(without, pipelining); left > 0; left--) {
      const exchange = this.#waiting.shift() ?? this.#replays.shift();
      if (exchange !== undefined) events.failed(exchange, failure);
    }
    this.#openMore();
    events.roomAgain();
  }

  freed(connection: Connection): void {
    this.#fill(connection);
  }

  left(connection: Connection): void {
    this.#open -= 1;
    if (connection.isAvailable) this.#withdraw(connection);
    this.#leaves.add(connection.deadline, this.#options.now());
    this.#openMore();
  }

  closed(connection: Connection): void {
    this.#all.delete(connection);
  }

  answered(exchange: Exchange, status: number): void {
    this.#options.events.answered(exchange, status);
  }

  failed(exchange: Exchange, failure: Failure): void {
    this.#options.events.failed(exchange, failure);
  }

  stranded(exchange: Exchange, stale: boolean): void {
    if (stale && !this.#options.replayStale) return this.failed(exchange, closedIdle);
    exchange.rewind();
    if (stale) this.#options.events.replayed(exchange);
    (stale ? this.#replays : this.#waiting).push(exchange.place);
    this.#openMore();
  }

  /** Gives a connection what waits, and keeps it for later if it has room left. */
  #fill(connection: Connection): void {
    const { pipelining, now } = this.#options;
    while (this.#waiting.size > 0 && connection.inFlight.size < pipelining) {
      this.#send(connection, this.#waiting.shift()!, now());
    }
    if (connection.isAvailable || connection.inFlight.size >= pipelining) return;
    connection.isAvailable = true;
    this.#available.push(connection);
  }

  #send(connection: Connection, exchange: Exchange, now: Nanos): void {
    connection.send(exchange, now);
    if (connection.isAvailable && connection.inFlight.size >= this.#options.pipelining) this.#withdraw(connection);
    this.#options.events.sent(exchange);
  }

  #withdraw(connection: Connection): void {
    connection.isAvailable = false;
    if (this.#available[this.#available.length - 1] === connection) this.#available.pop();
    else this.#available.splice(this.#available.indexOf(connection), 1);
  }

  /** As many as the waiting requests need. After a failure not at once, and only one if every other would fail, too. */
  #openMore(): void {
    const { pipelining, maxConnections, now } = this.#options;
    const wanted = Math.ceil(this.#waiting.size / pipelining) + this.#replays.size;
    const most = Math.min(wanted, this.#backOff.isHopeless ? 1 : mostOpening, maxConnections - this.#open);
    if (this.#opening >= most || this.#closed) return;
    const wait = this.#backOff.waitAt(now());
    if (wait > 0) this.#retryAfter(wait);
    else while (this.#opening < most) this.#openOne();
  }

  #retryAfter(wait: number): void {
    this.#retry ??= setTimeout(
      () => {
        this.#retry = undefined;
        this.#openMore();
      },
      Math.ceil(wait / 1e6),
    );
  }

  #openOne(): void {
    const connection = new Connection(this.#connectionOptions);
    this.#all.add(connection);
    this.#opening += 1;
    this.#opens.add(connection.deadline, connection.beganAt);
  }

  #tookTooLong(connection: Connection): void {
    const message = `no connection within ${msFromNanos(this.#options.connectTimeout)} ms`;
    connection.destroy();
    this.refused(connection, { kind: 'connect_timeout', message });
  }
}

const closedIdle: Failure = {
  kind: 'stale_keepalive',
  message: 'the kept-alive connection was closed before the request arrived',
};

/** Whether another attempt would have failed in the same way. */
const isHopeless = ({ kind, message }: Failure): boolean =>
  kind === 'connect_refused' || kind === 'dns' || isLocalExhaustion(message);
