/**
 * The requests that were sent and have no outcome yet, in typed arrays: sending allocates nothing here once the
 * arrays have grown. A slot is free for the next request as soon as it is released.
 */
export class InFlight {
  /** Nanoseconds since the start of the run, by slot. */
  intendedAt = new Float64Array(64);
  /** Nanoseconds since the start of the run, by slot. */
  sentAt = new Float64Array(64);
  /** Which arrival it was, by slot; -1 when the slot is free. */
  arrival = new Float64Array(64).fill(-1);
  readonly #free: number[] = [];
  #used = 0;

  get size(): number {
    return this.#used - this.#free.length;
  }

  take(arrival: number, intendedAt: number, sentAt: number): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot === this.arrival.length) this.#grow();
    this.arrival[slot] = arrival;
    this.intendedAt[slot] = intendedAt;
    this.sentAt[slot] = sentAt;
    return slot;
  }

  release(slot: number): void {
    this.arrival[slot] = -1;
    this.#free.push(slot);
  }

  /** The intended starts of everything still in flight. */
  *pending(): Generator<number> {
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.arrival[slot] !== -1) yield this.intendedAt[slot]!;
    }
  }

  #grow(): void {
    const grown = (from: Float64Array): Float64Array => {
      const to = new Float64Array(from.length * 2).fill(-1);
      to.set(from);
      return to;
    };
    this.arrival = grown(this.arrival) as typeof this.arrival;
    this.intendedAt = grown(this.intendedAt) as typeof this.intendedAt;
    this.sentAt = grown(this.sentAt) as typeof this.sentAt;
  }
}
