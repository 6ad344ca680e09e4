import { EventEmitter } from 'node:events';

export interface Session {
  readonly id: number;
  readonly user: string;
  /** Prices that this session may still be shown. */
  readonly prices: Map<string, number>;
}

/**
 * Sessions that follow a price feed until they are closed.
 *
 * It has the leak that real services have: `close` forgets the session in its own table, and leaves the listener on the
 * feed. The feed outlives every session, and its listener keeps the session that it closes over.
 */
export class SessionRegistry {
  readonly #feed = new EventEmitter();
  readonly #open = new Map<number, Session>();
  #nextId = 1;

  constructor() {
    // The warning about eleven listeners would have told; it was silenced, as it so often is.
    this.#feed.setMaxListeners(0);
  }

  /** Sessions that are open: 0 after all were closed, so that nothing seems wrong. */
  get size(): number {
    return this.#open.size;
  }

  open(user: string): Session {
    const session: Session = { id: this.#nextId++, user, prices: new Map() };
    this.#open.set(session.id, session);
    this.#feed.on('price', (symbol: string, price: number) => session.prices.set(symbol, price));
    return session;
  }

  close({ id }: Session): void {
    this.#open.delete(id);
    // Missing: this.#feed.off('price', listener).
  }
}
