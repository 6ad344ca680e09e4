import type { Socket } from 'node:net';
import { nanos, type Nanos } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import { classifyConnectError, classifyError, type Failure } from '../failure.ts';
import { cr, lf } from './characters.ts';
import type { Exchange } from './exchange.ts';
import { complete, interim, reading, tooLarge, type FramerLimits } from './framer-state.ts';
import { KeptBody } from './kept-body.ts';
import { Link, LinkedList } from './linked-list.ts';
import type { SocketOpener } from './open-socket.ts';
import { ResponseFramer } from './response-framer.ts';

/** What happens on a connection, told to the pool that it belongs to. */
export interface ConnectionEvents {
  opened(connection: Connection, timing: ConnectionTiming): void;
  /** It could not be opened. */
  refused(connection: Connection, failure: Failure): void;
  /** There is room for another request. */
  freed(connection: Connection): void;
  /** It takes no requests any more. Said once, of a connection that had been opened. */
  left(connection: Connection): void;
  /** It is over. Said once, of every connection. */
  closed(connection: Connection): void;
  answered(exchange: Exchange, status: number): void;
  failed(exchange: Exchange, failure: Failure): void;
  /** The target has not taken this request, and will not on this connection. `stale` when that is no one's intention. */
  stranded(exchange: Exchange, stale: boolean): void;
}

export interface ConnectionOptions {
  readonly opener: SocketOpener;
  readonly events: ConnectionEvents;
  readonly now: () => Nanos;
  readonly limits: FramerLimits;
  readonly pipelining: number;
}

/**
 *     opening --> open --> leaving --> closed       leaving: nothing is sent any more, the target ends it
 *        |          '----> suspect ----^            suspect: it ended before the answer was complete: how?
 *        '-----------------------------'
 */
type Stage = 'opening' | 'open' | 'leaving' | 'suspect' | 'closed';

const closedWithoutAnswer: Failure = { kind: 'closed_early', message: 'the connection closed without an answer' };
const closedWithin: Failure = {
  kind: 'closed_early',
  message: 'the connection closed before the answer was complete',
};

const resetWithin: Failure = { kind: 'reset', message: 'the connection was reset before the answer was complete' };

/** A request so short is in the hands of the kernel as a whole when the write returns. */
const shortRequest = 16 * 1024;
const [soonestProbe, latestProbe] = [1e6, 200e6];

/** One connection and what is in flight on it, in the order in which it was written. */
export class Connection {
  readonly beganAt: Nanos;
  readonly inFlight = new LinkedList<Exchange>();
  /** Its deadline for being opened, later for being closed. */
  readonly deadline: Link<Connection> = new Link<Connection>(this);
  /** Whether it is among those that a request may be sent on. Kept by the pool. */
  isAvailable = false;
  readonly #options: ConnectionOptions;
  readonly #framer: ResponseFramer;
  readonly #socket: Socket;
  #stage: Stage = 'opening';
  #answers = 0;
  /** Whether it had answered or been idle before the last request, so that the target may have had enough of it. */
  #wasUsed = false;
  #lookedUpAt: number;
  #connectedAt = -1;
  #probeTimer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    const { opener, now, limits } = options;
    this.#options = options;
    this.#framer = new ResponseFramer(limits);
    this.beganAt = now();
    this.#lookedUpAt = this.beganAt;
    const socket = opener.open((count) => this.#read(count));
    this.#socket = socket;
    socket.once('lookup', () => (this.#lookedUpAt = now()));
    socket.once('connect', () => this.#connected());
    if (opener.secure) socket.once('secureConnect', () => this.#opened());
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#broke(error));
    socket.on('close', () => this.#ended());
  }

  /** Writes a request. There must be room. */
  send(exchange: Exchange, now: Nanos): void {
    this.#wasUsed = this.#answers > 0 || this.isAvailable;
    exchange.connection = this;
    exchange.writtenAt = now;
    this.inFlight.push(exchange.place);
    this.#socket.write(exchange.wire.bytes);
  }

  /** Ends it as a whole, because one of its requests is given up. */
  giveUp(exchange: Exchange, failure: Failure): void {
    this.#abandon(exchange, failure);
  }

  /** Ends it, because it has been left for so long. */
  expire(): void {
    const exchange = this.inFlight.first?.owner;
    if (exchange === undefined) this.destroy();
    else this.#abandon(exchange, exchange.bytes === 0 ? closedWithoutAnswer : closedWithin);
  }

  /** Whether the head of its answer, not only of one with a status from 100 to 199, has been read. */
  hasHeadOf(exchange: Exchange): boolean {
    return this.inFlight.first === exchange.place && this.#framer.hasHead;
  }

  /** Ends it, whatever it is doing. Nothing is told. */
  destroy(): void {
    if (this.#stage === 'closed') return;
    this.#stage = 'closed';
    clearTimeout(this.#probeTimer);
    this.deadline.leave();
    this.#socket.destroy();
    this.#options.events.closed(this);
  }

  #connected(): void {
    this.#connectedAt = this.#options.now();
    if (!this.#options.opener.secure) this.#opened();
  }

  #opened(): void {
    if (this.#stage !== 'opening') return;
    this.#stage = 'open';
    const [lookedUpAt, connectedAt] = [this.#lookedUpAt, this.#connectedAt];
    this.#options.events.opened(this, {
      dns: nanos(lookedUpAt - this.beganAt),
      connect: nanos(connectedAt - lookedUpAt),
      ...(this.#options.opener.secure ? { tls: nanos(this.#options.now() - connectedAt) } : {}),
    });
  }

  #read(count: number): void {
    if (this.#stage !== 'open') return;
    const { pipelining } = this.#options;
    // What the answers of one reading set off is written in one piece.
    if (pipelining > 1) this.#socket.cork();
    this.#readAnswers(count, this.#options.now());
    if (pipelining > 1) this.#socket.uncork();
  }

  #readAnswers(count: number, now: Nanos): void {
    const { buffer } = this.#options.opener;
    const framer = this.#framer;
    for (let at = 0; at < count && this.#stage === 'open';) {
      const exchange = this.inFlight.first?.owner;
      if (exchange === undefined) {
        if (!isBlank(buffer, at, count)) this.#leave();
        return;
      }
      if (exchange.bytes === 0) this.#expect(exchange);
      if (exchange.firstByteAt < 0) exchange.firstByteAt = now;
      const wantsHead = exchange.wire.keepHead && !framer.hasHead;
      const end = framer.read(buffer, at, count);
      if (wantsHead) (exchange.head ??= new KeptBody()).add(buffer, at, end);
      exchange.bytes += end - at;
      at = end;
      if (framer.progress === complete) this.#answered(exchange, at === count || isBlank(buffer, at, count));
      else if (framer.progress === interim) forgetInterim(exchange);
      else if (framer.progress !== reading) this.#abandon(exchange, this.#refusal());
    }
  }

  #expect(exchange: Exchange): void {
    const { bodyless, keepBody } = exchange.wire;
    if (keepBody) exchange.body = new KeptBody();
    this.#framer.expect(bodyless, exchange.body);
  }

  #refusal(): Failure {
    const { progress, reason } = this.#framer;
    return { kind: progress === tooLarge ? 'too_large' : 'parse', message: reason };
  }

  /** `last` when nothing follows in what has been read. */
  #answered(exchange: Exchange, last: boolean): void {
    this.#answers += 1;
    this.inFlight.remove(exchange.place);
    const { events } = this.#options;
    const { status } = this.#framer;
    if (this.#survives(exchange, last)) events.freed(this);
    else this.#leave();
    events.answered(exchange, status);
  }

  /** An answer to a request that was never sent, or was not sent to its end, leaves the connection out of step. */
  #survives({ wire }: Exchange, last: boolean): boolean {
    if (!this.#framer.keepAlive || wire.closes) return false;
    if (!last && this.inFlight.size === 0) return false;
    return wire.bytes.length <= shortRequest || this.#socket.writableLength === 0;
  }

  /** Sends nothing more, and leaves it to the target to end the connection: who ends it first keeps its port busy. */
  #leave(): void {
    const { events } = this.#options;
    if (this.#stage === 'suspect') return this.destroy();
    this.#stage = 'leaving';
    events.left(this);
    for (let exchange = this.inFlight.shift(); exchange !== undefined; exchange = this.inFlight.shift()) {
      events.stranded(exchange, false);
    }
  }

  #ended(): void {
    if (this.#stage === 'closed' || this.#stage === 'suspect') return;
    const exchange = this.inFlight.first?.owner;
    if (exchange === undefined && this.#stage === 'opening') this.#broke(new Error('the connection closed at once'));
    else if (exchange === undefined) this.#close();
    else if (exchange.bytes > 0) this.#endedWithin(exchange);
    else if (this.#mayBeStale(exchange)) this.#endedIdle(exchange);
    else this.#abandon(exchange, closedWithoutAnswer);
  }

  /** Whether the target may have closed an idle connection before the request arrived. */
  #mayBeStale({ bytes, wire }: Exchange): boolean {
    return this.#wasUsed && this.inFlight.size === 1 && bytes === 0 && wire.bytes.length <= shortRequest;
  }

  /**
   * The target has ended a used connection without an answer. If it had closed it before the request arrived, its system
   * has answered the request with a reset, by now or after another way there and back.
   */
  #endedIdle(exchange: Exchange): void {
    const roundTrip = 2 * (this.#connectedAt - this.#lookedUpAt);
    const delay = Math.min(Math.max(roundTrip, soonestProbe), latestProbe);
    this.#leaveSuspect();
    this.#probeTimer = setTimeout(() => {
      this.#probe((wasReset) => {
        if (wasReset) this.#strand(exchange);
        else this.#abandon(exchange, closedWithoutAnswer);
      });
    }, delay / 1e6);
  }

  /**
   * The connection has ended within an answer, which for some answers is their end. Node says so of a reset, too, that
   * arrives together with the bytes before it.
   */
  #endedWithin(exchange: Exchange): void {
    const ended = (): void => {
      if (this.#framer.end()) this.#answered(exchange, true);
      else this.#abandon(exchange, closedWithin);
    };
    // Requests behind this one may have been what the reset answers.
    if (this.inFlight.size > 1) return ended();
    this.#leaveSuspect();
    this.#probe((wasReset) => (wasReset ? this.#abandon(exchange, resetWithin) : ended()));
  }

  #leaveSuspect(): void {
    this.#stage = 'suspect';
    this.#options.events.left(this);
  }

  /**
   * Finds out whether an ended connection has also been reset: then a write fails. What is written is an empty line,
   * which means nothing in HTTP (RFC 9112, section 2.2).
   */
  #probe(then: (wasReset: boolean) => void): void {
    this.#socket.write('\r\n', (error) => {
      if (this.#stage === 'suspect' && this.inFlight.size > 0) then(error instanceof Error);
    });
  }

  #strand(exchange: Exchange): void {
    this.inFlight.remove(exchange.place);
    this.#close();
    this.#options.events.stranded(exchange, true);
  }

  #broke(error: Error): void {
    const { events, opener } = this.#options;
    if (this.#stage === 'opening') {
      const failure = classifyConnectError(error, opener.secure && this.#connectedAt >= 0);
      this.destroy();
      return events.refused(this, failure);
    }
    if (this.#stage === 'closed' || this.#stage === 'suspect') return;
    const exchange = this.inFlight.first?.owner;
    if (exchange === undefined) this.#close();
    else if (isWriteError(error) && this.#mayBeStale(exchange)) this.#strand(exchange);
    else this.#abandon(exchange, classifyError(error));
  }

  /** Fails one request, and with it those behind it. */
  #abandon(exchange: Exchange, failure: Failure): void {
    const { events } = this.#options;
    this.inFlight.remove(exchange.place);
    this.#close();
    events.failed(exchange, failure);
    const message = `the connection was given up with another request: ${failure.message}`;
    for (let other = this.inFlight.shift(); other !== undefined; other = this.inFlight.shift()) {
      events.failed(other, { kind: 'closed_early', message });
    }
  }

  #close(): void {
    if (this.#stage === 'open') this.#options.events.left(this);
    this.destroy();
  }
}

/** An answer that only announces another one. */
function forgetInterim(exchange: Exchange): void {
  exchange.firstByteAt = -1;
  exchange.head = undefined;
}

/** Whether there are only empty lines. */
function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== cr && bytes[at] !== lf) return false;
  return true;
}

const isWriteError = (error: NodeJS.ErrnoException): boolean => error.syscall === 'write';
