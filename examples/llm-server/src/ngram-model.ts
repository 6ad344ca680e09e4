/** A token is a word or a mark, with the blanks before it. */
export const tokensOf = (text: string): readonly string[] => text.match(/\s*(?:[\p{L}\p{N}_]+|[^\s])/gu) ?? [];

const order = 2;
const keyOf = (tokens: readonly string[]): string => tokens.slice(-order).join('\u0000');

/** Which token followed which pair of tokens in what it has read. Large enough to be felt, and gone when it is let go. */
export class NgramModel {
  readonly #followers = new Map<string, string[]>();
  readonly #starts: string[] = [];

  learn(text: string): void {
    const tokens = tokensOf(text);
    for (let n = order; n < tokens.length; n++) {
      const key = keyOf(tokens.slice(n - order, n));
      const followers = this.#followers.get(key);
      if (followers === undefined) this.#followers.set(key, [tokens[n]!]);
      else followers.push(tokens[n]!);
      if (n % 100 === order) this.#starts.push(key);
    }
  }

  /** Goes on with what was said, or from somewhere in what it has read. */
  *continue(said: readonly string[], random: () => number): Generator<string> {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let last = said.slice(-order);
    for (;;) {
      let followers = this.#followers.get(keyOf(last));
      if (followers === undefined) {
        const start = pick(this.#starts);
        last = start.split('\u0000');
        followers = this.#followers.get(start)!;
      }
      const token = pick(followers);
      yield token;
      last = [...last, token].slice(-order);
    }
  }
}
