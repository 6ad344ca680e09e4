import type { Clock } from '@perfkeel/core';
import type { ChatMessage, ChatRequest } from '../client/chat-client.ts';
import type { Completion } from '../client/completion.ts';
import type { LlmPlan } from '../plan-llm.ts';
import type { PatientClient } from './patient-client.ts';

/** What a phase works with. */
export interface Hands {
  readonly client: PatientClient;
  readonly plan: LlmPlan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly seed: number;
  readonly progress: (text: string) => void;
  /** Bytes that the server needs now, where that can be known. */
  readonly memoryOf: () => Promise<number | undefined>;
}

/** After so many failures in a row, beyond those under way at once, nobody waits for more of them. */
const patience = 10;

/** Asks for one phase, and remembers everything that came back. */
export class Asker {
  readonly completions: Completion[] = [];
  readonly #hands: Hands;
  #planned = 0;
  #failedInARow = 0;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** True when nothing succeeds any more: what is still due is dropped, and counted. */
  get hopeless(): boolean {
    return this.#failedInARow >= patience + this.#hands.plan.inFlight;
  }

  /** Requests that were due and not sent. */
  get dropped(): number {
    return this.#planned - this.completions.length;
  }

  /** Says how many requests are due. */
  plan(requests: number): void {
    this.#planned += requests;
  }

  ask(model: string, messages: readonly ChatMessage[]): Promise<Completion> {
    return this.#keep((request) => this.#hands.client.ask(request), model, messages);
  }

  /** Asks a model to which the server may have to change. */
  askSwitching(model: string, messages: readonly ChatMessage[]): Promise<Completion> {
    return this.#keep((request) => this.#hands.client.askSwitching(request), model, messages);
  }

  async #keep(
    ask: (request: ChatRequest) => Promise<Completion>,
    model: string,
    messages: readonly ChatMessage[],
  ): Promise<Completion> {
    const { plan, signal } = this.#hands;
    signal.throwIfAborted();
    const { maxTokens, body } = plan;
    const completion = await ask({ model, messages, maxTokens, body });
    // Whoever aborts also closes the client: what has failed by that is no failure of the server.
    signal.throwIfAborted();
    this.completions.push(completion);
    this.#failedInARow = completion.failure === undefined ? 0 : this.#failedInARow + 1;
    return completion;
  }
}
