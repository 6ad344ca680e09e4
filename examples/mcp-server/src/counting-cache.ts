/** Keeps what was read once, and counts: a cache that nobody counts is a hope. */
export class CountingCache<Value> {
  hits = 0;
  misses = 0;
  readonly #kept = new Map<string, Promise<Value>>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Callers that come while it is being read share one read. */
  get(key: string, read: (key: string) => Promise<Value>): Promise<Value> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.hits += 1;
      return kept;
    }
    this.misses += 1;
    const reading = read(key);
    this.#kept.set(key, reading);
    // A failure is not kept.
    reading.catch(() => this.#kept.delete(key));
    if (this.#kept.size > this.#size) this.#kept.delete(this.#kept.keys().next().value!);
    return reading;
  }
}
