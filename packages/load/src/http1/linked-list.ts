/** A place in a list that belongs to its owner, so that joining and leaving a list allocates nothing. */
export class Link<T> {
  readonly owner: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
  /** The list that it is in. */
  list: LinkedList<T> | undefined;
  /** For a list in the order of time. */
  at = 0;

  constructor(owner: T) {
    this.owner = owner;
  }

  /** Leaves its list, if it is in one. */
  leave(): void {
    this.list?.remove(this);
  }
}

/** First in, first out; anything may also leave from the middle. */
export class LinkedList<T> {
  size = 0;
  first: Link<T> | undefined;
  #last: Link<T> | undefined;

  push(link: Link<T>): void {
    link.list = this;
    link.previous = this.#last;
    if (this.#last === undefined) this.first = link;
    else this.#last.next = link;
    this.#last = link;
    this.size += 1;
  }

  /** Puts it before all others. */
  unshift(link: Link<T>): void {
    link.list = this;
    link.next = this.first;
    if (this.first === undefined) this.#last = link;
    else this.first.previous = link;
    this.first = link;
    this.size += 1;
  }

  remove(link: Link<T>): void {
    const { previous, next } = link;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    link.previous = undefined;
    link.next = undefined;
    link.list = undefined;
    this.size -= 1;
  }

  /** Takes out the first one. */
  shift(): T | undefined {
    const link = this.first;
    if (link === undefined) return undefined;
    this.remove(link);
    return link.owner;
  }
}
