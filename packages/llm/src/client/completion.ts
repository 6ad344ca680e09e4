/** Why an answer does not count. */
export interface LlmFailure {
  /**
   * `timeout`, `http-503`, `ECONNREFUSED`; `stream-error` when the server gave up in the middle, `cut-off` when the stream
   * ended before the answer did, `no-token` when nothing was said, `not-a-stream` and `bad-event` when it was something else.
   */
  readonly code: string;
  readonly message: string;
}

/**
 * One answer, as it arrived. Times are nanoseconds since the request began; what did not happen is absent. A failed one is
 * data, and is never thrown.
 */
export interface Completion {
  /** The model that was asked for. */
  readonly model: string;
  /** The model that the answer names. */
  readonly answeredBy?: string | undefined;
  readonly failure?: LlmFailure | undefined;
  /** The first byte of the body, which may hold no text yet. */
  readonly firstByte?: number | undefined;
  /** The first text that is no reasoning. */
  readonly firstOutput?: number | undefined;
  /**
   * When text arrived, reasoning included: one time for everything that one read of the connection completed. The first
   * is the time to the first token.
   */
  readonly arrivals: readonly number[];
  /** Events that carried text. */
  readonly events: number;
  /** The end of the stream. */
  readonly end: number;
  readonly text: string;
  readonly reasoning: string;
  /** Tokens, reasoning included, as the server counted them. */
  readonly usage?: number | undefined;
}
