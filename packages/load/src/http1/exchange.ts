import type { Connection } from './connection.ts';
import type { KeptBody } from './kept-body.ts';
import { Link } from './linked-list.ts';
import type { WireRequest } from './wire-request.ts';

/** One request on its way to its outcome. Objects are used again for later requests. Times on the driver's clock. */
export class Exchange {
  token = 0;
  wire: WireRequest;
  /** When it was to be sent. */
  sentAt = 0;
  writtenAt = 0;
  /** -1 before there is one. */
  firstByteAt = -1;
  /** Of its answer so far. */
  bytes = 0;
  body: KeptBody | undefined;
  /** The head of its answer, and what came together with its end. */
  head: KeptBody | undefined;
  /** Where it was written to. */
  connection: Connection | undefined;
  /** Its place among those that wait for a connection, or among those in flight on one. */
  readonly place: Link<Exchange>;
  readonly totalDeadline: Link<Exchange>;
  readonly headDeadline: Link<Exchange>;

  constructor(wire: WireRequest) {
    this.wire = wire;
    this.place = new Link<Exchange>(this);
    this.totalDeadline = new Link<Exchange>(this);
    this.headDeadline = new Link<Exchange>(this);
  }

  /** As if it had never been written. */
  rewind(): void {
    this.headDeadline.leave();
    this.firstByteAt = -1;
    this.bytes = 0;
    this.body = undefined;
    this.head = undefined;
    this.connection = undefined;
  }
}

/** Exchanges that are over wait here for their next request. */
export class ExchangeStore {
  readonly #free: Exchange[] = [];

  take(token: number, wire: WireRequest, sentAt: number): Exchange {
    const exchange = this.#free.pop() ?? new Exchange(wire);
    exchange.token = token;
    exchange.wire = wire;
    exchange.sentAt = sentAt;
    return exchange;
  }

  /** Takes it out of everything that it is in. */
  release(exchange: Exchange): void {
    exchange.rewind();
    exchange.place.leave();
    exchange.totalDeadline.leave();
    this.#free.push(exchange);
  }
}
