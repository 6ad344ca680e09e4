/** Counts what a model is charged for. `id` stands in every result: counts of other encodings are other numbers. */
export interface Tokenizer {
  readonly id: string;
  count(text: string): number;
}

// Text of users may hold what looks like a control token, such as <|endoftext|>: it is text here, as for tiktoken.
const plainText = { disallowedSpecial: new Set<string>() };

/**
 * The encoding `o200k_base`, of GPT-4o and later. Equal to tiktoken, count for count. Its tables are megabytes, and are
 * loaded by the first call: a process that only declares does not pay for them.
 */
export async function o200k(): Promise<Tokenizer> {
  const { encode } = await import('gpt-tokenizer/encoding/o200k_base');
  return { id: 'o200k_base', count: (text) => encode(text, plainText).length };
}
