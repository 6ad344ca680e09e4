/** A place in the code, and what it allocated that is still alive. */
export interface AllocationSite {
  /** The function's name; empty for a nameless one. */
  readonly fn: string;
  /** The file as it was written, through its source map where there is one. */
  readonly url: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly bytesPerIteration: number;
}
