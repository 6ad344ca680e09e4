import { setTimeout as sleep } from 'node:timers/promises';
import { formatQuantity, msFromNanos, nanosFromMs, type Clock } from '@perfkeel/core';
import type { ChatClient, ChatRequest } from '../client/chat-client.ts';
import { timedOut, type Completion, type LlmFailure } from '../client/completion.ts';

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** How long the first request may have to wait until it is taken. */
  readonly startTimeoutMs: number;
  /** Whether a connection that is refused may be taken later: by a server that somebody has just started. */
  readonly awaitsConnection: boolean;
  /** For one whole answer, of a switch with all its waiting. */
  readonly timeoutMs: number;
  /** The process of the server, where it was started here. */
  readonly pid?: number | undefined;
}

/** Between two requests to a server that does not say when it wants the next one. */
const pauseMs = 250;
/** However soon a server wants to be asked again. */
const leastPauseMs = 50;

const notListening = ['ECONNREFUSED', 'ECONNRESET'];

/**
 * Asks servers that load models: llama.cpp answers 503 until it has loaded one, vLLM does not listen before, and some answer
 * 503 with `Retry-After` while they change it. Whoever measures them waits as any client would.
 */
export class PatientClient {
  readonly #client: ChatClient;
  readonly #patience: Patience;
  /** The first request was taken, or is waited for no longer. */
  #open = false;
  #waited = 0;

  constructor(client: ChatClient, patience: Patience) {
    this.#client = client;
    this.#patience = patience;
  }

  /** Nanoseconds until the server took the first request; 0 when it never did. */
  get waited(): number {
    return this.#waited;
  }

  /** What the server does is data. The first request is sent again until it is taken, and counts from its last beginning. */
  async ask(request: ChatRequest): Promise<Completion> {
    if (this.#open) return this.#client.ask(request);
    const { clock, progress, startTimeoutMs } = this.#patience;
    const start = clock.now();
    const limit = formatQuantity(nanosFromMs(startTimeoutMs), 'ns');
    let said = false;
    for (let began = start; ; began = clock.now()) {
      const answer = await this.#client.ask(request);
      const { failure } = answer;
      if (failure === undefined || !this.#isLoading(failure)) return this.#opened(answer, began - start);
      const left = startTimeoutMs - msFromNanos(clock.now() - start);
      if (left <= 0 || this.#isGone()) {
        const message = `${failure.message} (for ${formatQuantity(clock.now() - start, 'ns')})`;
        return this.#opened({ ...answer, failure: { ...failure, message } }, 0);
      }
      if (!said) progress(`${stateOf(failure)} (${failure.message}): waiting for up to ${limit}`);
      said = true;
      await this.#pause(failure, left);
    }
  }

  /**
   * A request for which the server may have to change its model. As long as it says that it will answer later, it is asked
   * again, and the whole counts from the first time on.
   */
  async askSwitching(request: ChatRequest): Promise<Completion> {
    const { clock, timeoutMs } = this.#patience;
    if (!this.#open) return this.ask(request);
    const start = clock.now();
    for (let refusals = 0; ; refusals += 1) {
      const since = clock.now() - start;
      const answer = await this.#client.ask(request);
      const left = timeoutMs - msFromNanos(clock.now() - start);
      if (answer.failure?.retryAfterMs === undefined || left <= 0) {
        return refusals === 0 ? answer : { ...inTime(later(answer, since), timeoutMs), refusals };
      }
      await this.#pause(answer.failure, left);
    }
  }

  close(): void {
    this.#client.close();
  }

  #isLoading({ code }: LlmFailure): boolean {
    return code === 'http-503' || (this.#patience.awaitsConnection && notListening.includes(code));
  }

  #isGone(): boolean {
    const { pid } = this.#patience;
    try {
      if (pid !== undefined) process.kill(pid, 0);
      return false;
    } catch (error) {
      // It may also be somebody else's.
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  }

  #opened(answer: Completion, waited: number): Completion {
    this.#open = true;
    this.#waited = waited;
    return answer;
  }

  async #pause({ retryAfterMs = pauseMs }: LlmFailure, leftMs: number): Promise<void> {
    const { signal } = this.#patience;
    const ms = Math.min(Math.max(retryAfterMs, leastPauseMs), leftMs);
    await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** A server that says no more than 503 may be loading, or have too much to do. */
const stateOf = ({ code, retryAfterMs }: LlmFailure): string =>
  `the server ${retryAfterMs !== undefined || notListening.includes(code) ? 'is loading' : 'takes no requests yet'}`;

/** The same answer to a request that had begun so much earlier. */
function later(answer: Completion, by: number): Completion {
  const { firstByte, firstOutput, arrivals, end } = answer;
  return {
    ...answer,
    firstByte: firstByte === undefined ? undefined : firstByte + by,
    firstOutput: firstOutput === undefined ? undefined : firstOutput + by,
    arrivals: arrivals.map((at) => at + by),
    end: end + by,
  };
}

/** Each request has the whole timeout for itself: with what was waited before, an answer may come too late. */
const inTime = (answer: Completion, timeoutMs: number): Completion =>
  answer.failure === undefined && msFromNanos(answer.end) > timeoutMs
    ? { ...answer, failure: timedOut(timeoutMs) }
    : answer;
