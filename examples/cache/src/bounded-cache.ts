/** A cache that keeps the entries used last, and never more than its bound. */
export interface BoundedCache<Key, Value> {
  readonly size: number;
  /** The value of a key, which becomes the one used last; `undefined` when it is not, or no longer, here. */
  get(key: Key): Value | undefined;
  /** Adds or replaces; drops the entry that was not used for longest when the bound is passed. */
  set(key: Key, value: Value): void;
}

interface Entry<Key, Value> {
  readonly key: Key;
  value: Value;
  older: Entry<Key, Value> | undefined;
  newer: Entry<Key, Value> | undefined;
}

class LinkedCache<Key, Value> implements BoundedCache<Key, Value> {
  readonly #bound: number;
  readonly #entries = new Map<Key, Entry<Key, Value>>();
  #newest: Entry<Key, Value> | undefined;
  #oldest: Entry<Key, Value> | undefined;

  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#unlink(entry);
    this.#linkNewest(entry);
    return entry.value;
  }

  set(key: Key, value: Value): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      entry.value = value;
      this.#unlink(entry);
      this.#linkNewest(entry);
      return;
    }
    const added: Entry<Key, Value> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(key, added);
    this.#linkNewest(added);
    if (this.#entries.size > this.#bound) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#oldest;
    if (oldest === undefined) return;
    this.#unlink(oldest);
    this.#entries.delete(oldest.key);
  }

  #linkNewest(entry: Entry<Key, Value>): void {
    entry.older = this.#newest;
    if (this.#newest) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  // An entry that was dropped must point nowhere: a value that someone still holds would keep its neighbours alive.
  #unlink(entry: Entry<Key, Value>): void {
    if (entry.older) entry.older.newer = entry.newer;
    else this.#oldest = entry.newer;
    if (entry.newer) entry.newer.older = entry.older;
    else this.#newest = entry.older;
    entry.older = undefined;
    entry.newer = undefined;
  }
}

/** A cache of at most `bound` entries. `get` and `set` take constant time. */
export function createBoundedCache<Key, Value>(bound: number): BoundedCache<Key, Value> {
  if (!Number.isInteger(bound) || bound < 1) throw new RangeError(`a bound of ${bound} entries holds nothing`);
  return new LinkedCache(bound);
}
