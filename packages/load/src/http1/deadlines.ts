import type { Nanos } from '@perfkeel/core';
import { LinkedList, type Link } from './linked-list.ts';

/** Things that all have the same time to live: who comes first ends first. */
export class DeadlineLine<T> {
  readonly #list = new LinkedList<T>();
  readonly #span: Nanos;
  readonly #arm: (at: number) => void;
  readonly #expire: (owner: T) => void;

  constructor(span: Nanos, arm: (at: number) => void, expire: (owner: T) => void) {
    this.#span = span;
    this.#arm = arm;
    this.#expire = expire;
  }

  /** When the next one ends. */
  get nextAt(): number {
    return this.#list.first?.at ?? Infinity;
  }

  /** `from` never runs backwards. */
  add(link: Link<T>, from: number): void {
    link.at = from + this.#span;
    this.#list.push(link);
    this.#arm(link.at);
  }

  expireUntil(now: number): void {
    for (let link = this.#list.first; link !== undefined && link.at <= now; link = this.#list.first) {
      this.#list.remove(link);
      this.#expire(link.owner);
    }
  }
}

/** What a timer may wait for; Node ends longer ones at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * Deadlines of any number of things on one timer, which is set again only when it has fired or when something ends
 * before it. A deadline is noticed within about 1 ms, if the event loop is free then.
 */
export class Deadlines {
  readonly #now: () => Nanos;
  readonly #lines: { readonly nextAt: number; expireUntil(now: number): void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #armedFor = Infinity;

  constructor(now: () => Nanos) {
    this.#now = now;
  }

  /** A line of things that live for `span`, and what happens to those that reach its end. */
  line<T>(span: Nanos, expire: (owner: T) => void): DeadlineLine<T> {
    const line = new DeadlineLine(span, (at) => this.#arm(at), expire);
    this.#lines.push(line);
    return line;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#lines.length = 0;
    this.#armedFor = -Infinity;
  }

  #arm(at: number): void {
    if (at >= this.#armedFor) return;
    this.#armedFor = at;
    clearTimeout(this.#timer);
    const delay = Math.ceil((at - this.#now()) / 1e6);
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.max(delay, 1), longestDelay));
  }

  #fire(): void {
    this.#armedFor = Infinity;
    for (const line of this.#lines) line.expireUntil(this.#now());
    const next = this.#lines.reduce((soonest, { nextAt }) => Math.min(soonest, nextAt), Infinity);
    if (next < Infinity) this.#arm(next);
  }
}
