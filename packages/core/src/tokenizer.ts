/** Counts what a model is charged for. `id` stands beside every result: counts of other encodings are other numbers. */
export interface Tokenizer {
  readonly id: string;
  count(text: string): number;
}
