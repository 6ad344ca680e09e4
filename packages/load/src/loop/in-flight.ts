import type { Sent } from '../record/load-recorder.ts';

/** A request on its way: which piece of work it is, and which client of the closed model waits for it. */
export type Entry = { -readonly [K in keyof Sent]: Sent[K] } & {
  /** By which drivers name it. */
  readonly slot: number;
  index: number;
  client: number;
  /** The endpoint of its step that is under way; -1 without one. */
  step: number;
  /** Since when that one is waited for; -1 before the first one. */
  stepFrom: number;
};

/**
 * The requests that were sent and have no outcome yet. Their entries are used again and again, so that sending
 * allocates nothing here once there are enough of them.
 */
export class InFlight {
  readonly #entries: Entry[] = [];
  readonly #free: number[] = [];
  readonly #taken: boolean[] = [];

  get size(): number {
    return this.#entries.length - this.#free.length;
  }

  /** An entry to fill in. It belongs to one request until it is released. */
  take(): Entry {
    const slot = this.#free.pop() ?? this.#grow();
    this.#taken[slot] = true;
    return this.#entries[slot]!;
  }

  /** The entry of a slot; `undefined` when nothing is on its way there. */
  at(slot: number): Entry | undefined {
    return this.#taken[slot] === true ? this.#entries[slot] : undefined;
  }

  release({ slot }: Entry): void {
    this.#taken[slot] = false;
    this.#free.push(slot);
  }

  /** Everything still in flight. */
  pending(): readonly Entry[] {
    return this.#entries.filter(({ slot }) => this.#taken[slot]);
  }

  #grow(): number {
    const slot = this.#entries.length;
    this.#entries.push({
      slot,
      index: 0,
      client: 0,
      phase: 0,
      endpoint: -1,
      intendedAt: 0,
      sentAt: 0,
      step: -1,
      stepFrom: -1,
    });
    return slot;
  }
}
