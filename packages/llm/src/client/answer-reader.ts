import { parseChunk } from './chat-chunk.ts';
import type { Completion, LlmFailure } from './completion.ts';
import { EventReader } from './event-reader.ts';

/** Puts one answer together from the pieces of its stream. Pure: the times are arguments. */
export class AnswerReader {
  readonly #reader = new EventReader();
  readonly #arrivals: number[] = [];
  #firstByte: number | undefined;
  #firstOutput: number | undefined;
  #doneAt: number | undefined;
  #events = 0;
  #text = '';
  #reasoning = '';
  #usage: number | undefined;
  #model: string | undefined;
  #finish: string | undefined;
  #failure: LlmFailure | undefined;

  /** True when the server has said that this was all. */
  get done(): boolean {
    return this.#doneAt !== undefined;
  }

  /** @param at the same for all pieces that arrived together */
  push(piece: Uint8Array, at: number): void {
    this.#firstByte ??= at;
    this.#take(this.#reader.push(piece), at);
  }

  /** The answer, when its body has ended, or when nothing more is to be expected because of `failure`. */
  close(at: number, failure?: LlmFailure): Omit<Completion, 'model'> {
    // What a broken stream has begun is no event.
    if (failure === undefined) this.#take(this.#reader.end(), at);
    return {
      answeredBy: this.#model,
      failure: this.#failureOf(failure),
      firstByte: this.#firstByte,
      firstOutput: this.#firstOutput,
      arrivals: this.#arrivals,
      events: this.#events,
      end: this.#doneAt ?? at,
      text: this.#text,
      reasoning: this.#reasoning,
      usage: this.#usage,
    };
  }

  #failureOf(broken: LlmFailure | undefined): LlmFailure | undefined {
    if (this.#failure !== undefined) return this.#failure;
    // What happens to the connection behind the end of the answer is nobody's loss.
    if (broken !== undefined && !this.done) return broken;
    if (!this.done && this.#finish === undefined) {
      return { code: 'cut-off', message: 'the stream ended before the answer did' };
    }
    return this.#arrivals.length > 0 ? undefined : { code: 'no-token', message: 'the answer holds no text' };
  }

  #take(events: readonly string[], at: number): void {
    const [before, output] = [this.#events, this.#text.length];
    for (const data of events) {
      if (data === '[DONE]') this.#doneAt ??= at;
      else if (!this.done) this.#takeChunk(data);
    }
    if (this.#events > before && this.#arrivals.at(-1) !== at) this.#arrivals.push(at);
    if (this.#text.length > output) this.#firstOutput ??= at;
  }

  #takeChunk(data: string): void {
    const chunk = parseChunk(data);
    if (chunk === undefined) {
      this.#failure ??= { code: 'bad-event', message: `an event is no object of JSON: ${data.slice(0, 80)}` };
      return;
    }
    const { text, reasoning, error } = chunk;
    if (error !== undefined) this.#failure ??= { code: 'stream-error', message: error };
    if (text !== '' || reasoning !== '') this.#events += 1;
    this.#text += text;
    this.#reasoning += reasoning;
    this.#finish ??= chunk.finish;
    this.#model ??= chunk.model;
    // Some servers count in every event: the last count is that of the whole.
    this.#usage = chunk.completionTokens ?? this.#usage;
  }
}
