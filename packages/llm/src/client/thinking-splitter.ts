const [opening, closing] = ['<think>', '</think>'];

/** A piece of an answer, told apart. */
export interface SplitText {
  readonly text: string;
  readonly reasoning: string;
}

/**
 * Tells what a model says to itself from what it answers where a server leaves both in one text: `<think>…</think>` at the
 * very beginning. Tags may be torn anywhere; what could still become one is held back.
 */
export class ThinkingSplitter {
  #where: 'before' | 'inside' | 'behind' | 'answer' = 'before';
  #held = '';

  push(piece: string): SplitText {
    if (this.#where === 'answer') return { text: piece, reasoning: '' };
    this.#held += piece;
    const reasoning = this.#thinking();
    return { reasoning, text: this.#answer() };
  }

  /** What was held back when the answer ended. */
  end(): SplitText {
    const rest = this.#held;
    this.#held = '';
    return this.#where === 'inside' ? { text: '', reasoning: rest } : { text: rest, reasoning: '' };
  }

  #thinking(): string {
    if (this.#where === 'before' && this.#held.trimStart().startsWith(opening)) {
      this.#where = 'inside';
      this.#held = this.#held.trimStart().slice(opening.length);
    }
    if (this.#where !== 'inside') return '';
    const end = this.#held.indexOf(closing);
    if (end >= 0) this.#where = 'behind';
    const cut = end >= 0 ? end : Math.max(0, this.#held.length - closing.length + 1);
    const reasoning = this.#held.slice(0, cut);
    this.#held = this.#held.slice(end >= 0 ? end + closing.length : cut);
    return reasoning;
  }

  /** Blanks between the two belong to neither. */
  #answer(): string {
    const begun = this.#held.trimStart();
    const undecided = this.#where === 'before' ? opening.startsWith(begun) : this.#where === 'inside' || begun === '';
    if (undecided) return '';
    const text = this.#where === 'behind' ? begun : this.#held;
    this.#where = 'answer';
    this.#held = '';
    return text;
  }
}
