import type { Dispatcher } from 'undici';

/** One connection, or what makes connections by itself. */
export interface UndiciConnection {
  readonly dispatcher: Dispatcher;
  /** Requests on their way over it. */
  used: number;
  /** Nobody knows yet whether it can be opened. */
  isOpening: boolean;
  /** A request has been written to it. */
  hasBeenOpen: boolean;
}

export interface ConnectionLimits {
  /** Requests at a time on one connection. */
  readonly each: number;
  readonly connections: number;
}

/** Connections that may be in the making at the same time. */
const mostOpening = 64;

/** The connections to one target: the one that was free last is used first. */
export class UndiciConnections {
  readonly #create: () => Dispatcher;
  readonly #limits: ConnectionLimits;
  readonly #all: UndiciConnection[] = [];
  readonly #free: UndiciConnection[] = [];
  #opening = 0;

  constructor(create: () => Dispatcher, limits: ConnectionLimits) {
    this.#create = create;
    this.#limits = limits;
  }

  /** False while one more would only slow down those that are being opened. */
  hasRoom(): boolean {
    return this.#free.length > 0 || this.#opening < mostOpening || this.#isFull();
  }

  /** A place on a connection; `undefined` when there may be no more of them. */
  take(): UndiciConnection | undefined {
    const connection = this.#free.at(-1) ?? this.#open();
    if (connection !== undefined && ++connection.used === this.#limits.each) this.#free.pop();
    return connection;
  }

  release(connection: UndiciConnection): void {
    if (connection.used-- === this.#limits.each) this.#free.push(connection);
  }

  /** It has been opened, or could not be. */
  opened(connection: UndiciConnection): void {
    if (!connection.isOpening) return;
    connection.isOpening = false;
    this.#opening -= 1;
  }

  close(): void {
    for (const { dispatcher } of this.#all) void dispatcher.destroy().catch(() => {});
  }

  #isFull(): boolean {
    return this.#all.length >= this.#limits.connections;
  }

  #open(): UndiciConnection | undefined {
    if (this.#isFull()) return undefined;
    const connection = { dispatcher: this.#create(), used: 0, isOpening: true, hasBeenOpen: false };
    this.#opening += 1;
    this.#all.push(connection);
    this.#free.push(connection);
    return connection;
  }
}
