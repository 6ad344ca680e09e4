const bits = 16;

/** A set of small whole numbers whose key is short while they are added roughly in order. */
export class OrderedSet {
  readonly #words: Uint16Array;
  /** All words below are full. */
  #full = 0;
  /** All words from here on are empty. */
  #end = 0;

  constructor(size: number) {
    this.#words = new Uint16Array(Math.ceil(size / bits) + 1);
  }

  add(member: number): void {
    const word = Math.floor(member / bits);
    this.#words[word]! |= 1 << (member % bits);
    if (word >= this.#end) this.#end = word + 1;
    while (this.#words[this.#full] === 0xffff) this.#full += 1;
  }

  delete(member: number): void {
    const word = Math.floor(member / bits);
    this.#words[word]! &= ~(1 << (member % bits));
    if (word < this.#full) this.#full = word;
    while (this.#end > 0 && this.#words[this.#end - 1] === 0) this.#end -= 1;
  }

  /** The same for the same members, and only for them. */
  key(): string {
    // How many words follow: without it a word could be taken for what is written behind the key.
    return `${this.#full},${this.#end}:${String.fromCharCode(...this.#words.subarray(this.#full, this.#end))}`;
  }
}
