import type { Tokenizer } from '@perfkeel/core';

// Text of users may hold what looks like a control token, such as <|endoftext|>: it is text here, as for tiktoken.
const plainText = { disallowedSpecial: new Set<string>() };

/** Encoders compare every pair within a run of one kind of character, so that 20 000 equal letters take half a second. */
const longestRun = 1000;
const beyond = `{${longestRun + 1},}`;
const longRun = new RegExp(String.raw`[\p{L}\p{M}]${beyond}|[^\s\p{L}\p{M}\p{N}]${beyond}|\s${beyond}`, 'gu');

/** The text in parts that can be counted by themselves: cut only inside of runs that no text of people has. */
export function* partsOf(text: string): Generator<string> {
  let from = 0;
  for (const { index, 0: run } of text.matchAll(longRun)) {
    for (let at = index + longestRun; at < index + run.length; at += longestRun) {
      // Not between the halves of a character beyond the sixteen bits.
      const cut = /[\uDC00-\uDFFF]/.test(text[at]!) ? at + 1 : at;
      yield text.slice(from, cut);
      from = cut;
    }
  }
  yield text.slice(from);
}

/**
 * The encoding `o200k_base`, of GPT-4o and later. Equal to tiktoken, count for count; of runs of more than a thousand
 * letters, signs or spaces each thousand is counted by itself, which may differ by a token for each. Its tables are
 * megabytes, and are loaded by the first call: a process that only declares does not pay for them.
 */
export async function o200k(): Promise<Tokenizer> {
  const { encode } = await import('gpt-tokenizer/encoding/o200k_base');
  const count = (text: string): number => {
    let tokens = 0;
    for (const part of partsOf(text)) tokens += encode(part, plainText).length;
    return tokens;
  };
  return { id: 'o200k_base', count };
}
