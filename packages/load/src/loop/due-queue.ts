/** Things that are due at times, soonest first: a binary heap. */
export class DueQueue {
  readonly #times: number[] = [];
  readonly #items: number[] = [];

  get size(): number {
    return this.#times.length;
  }

  /** When the next one is due; `Infinity` when there is none. */
  get nextAt(): number {
    return this.#times[0] ?? Infinity;
  }

  push(item: number, dueAt: number): void {
    let at = this.#times.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent]! <= dueAt) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = dueAt;
    this.#items[at] = item;
  }

  /** Takes the next one out; only when there is one. */
  pop(): number {
    const item = this.#items[0]!;
    const [time, last] = [this.#times.pop()!, this.#items.pop()!];
    const size = this.#times.length;
    if (size === 0) return item;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.#times[child + 1]! < this.#times[child]!) child += 1;
      if (this.#times[child]! >= time) break;
      this.#move(child, at);
      at = child;
    }
    this.#times[at] = time;
    this.#items[at] = last;
    return item;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#items[to] = this.#items[from]!;
  }
}
