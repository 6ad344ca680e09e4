/** Counts tokens where a server does not. `id` is shown beside what it counted: other encodings give other numbers. */
export interface Tokenizer {
  readonly id: string;
  count(text: string): number;
}
