/** Why an answer does not count. */
export interface LlmFailure {
  /**
   * `timeout`, `http-503`, `ECONNREFUSED`; `stream-error` when the server gave up in the middle, `cut-off` when the stream
   * ended before the answer did, `no-token` when nothing was said, `not-a-stream` and `bad-event` when it was something else.
   */
  readonly code: string;
  /** On one line, and without the secrets of the request. */
  readonly message: string;
  /**
   * After so many milliseconds the server wants to be asked again: by `Retry-After` beside 503, or since it says that it is
   * loading a model.
   */
  readonly retryAfterMs?: number | undefined;
}

/** Why an answer that did not end in time does not count. */
export const timedOut = (timeoutMs: number): LlmFailure => ({
  code: 'timeout',
  message: `no whole answer within ${timeoutMs} ms`,
});

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
  /** The end of the answer: `[DONE]`, or of the stream where it does not come. */
  readonly end: number;
  /** Of the first choice, without what the model said to itself. */
  readonly text: string;
  /** What it said to itself: `reasoning_content`, `reasoning`, or between `<think>` and `</think>`. */
  readonly reasoning: string;
  /** Tokens, reasoning included, as the server counted them. */
  readonly usage?: number | undefined;
  /** Those of them that are reasoning, where the server says so. */
  readonly reasoningUsage?: number | undefined;
  /** Why the answer ended, as the server says: `stop`, `length`. */
  readonly finish?: string | undefined;
  /** The choices that the server sent, when there were several. */
  readonly choices?: number | undefined;
  /** How often the server asked for patience before, while it changed its model; the times count from the first request. */
  readonly refusals?: number | undefined;
}

/** Whether an answer was cut at `maxTokens`, by the reason that the server gives. */
export const isCut = (finish: string | undefined): boolean => finish === 'length' || finish === 'max_tokens';

/** Whether its tokens ran out before an answer said anything: it shows neither that something is known nor that it is not. */
export const ranOut = ({ finish, text, failure }: Completion): boolean =>
  isCut(finish) && text.trim() === '' && (failure === undefined || failure.code === 'no-token');
