import { StringDecoder } from 'node:string_decoder';
import { EventReader, type Redactor } from '@perfkeel/core';
import { parseChunk } from './chat-chunk.ts';
import { isCut, type Completion, type LlmFailure } from './completion.ts';
import { ThinkingSplitter, type SplitText } from './thinking-splitter.ts';

/** Of what is no stream, so much is shown. */
const mostBeginning = 4096;

/** Puts one answer together from the pieces of its stream. Pure: the times are arguments. */
export class AnswerReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #read: string[] = [];
  readonly #reader = new EventReader((data) => this.#read.push(data));
  readonly #splitter = new ThinkingSplitter();
  readonly #redact: Redactor;
  readonly #arrivals: number[] = [];
  #firstByte: number | undefined;
  #firstOutput: number | undefined;
  #doneAt: number | undefined;
  #beginning = '';
  #understood = false;
  #events = 0;
  #choices = 1;
  #text = '';
  #reasoning = '';
  #usage: number | undefined;
  #reasoningUsage: number | undefined;
  #model: string | undefined;
  #finish: string | undefined;
  #failure: LlmFailure | undefined;

  /** @param redact what is shown of a broken event is cut, and a secret must not be cut in two */
  constructor(redact: Redactor = (text) => text) {
    this.#redact = redact;
  }

  /** True when the server has said that this was all. */
  get done(): boolean {
    return this.#doneAt !== undefined;
  }

  /** @param at the same for all pieces that arrived together */
  push(piece: Uint8Array, at: number): void {
    this.#firstByte ??= at;
    if (!this.#understood && this.#beginning.length < mostBeginning)
      this.#beginning += Buffer.from(piece.subarray(0, mostBeginning)).toString();
    this.#reader.push(this.#decoder.write(piece));
    this.#take(at);
  }

  /** The answer, when its body has ended, or when nothing more is to be expected because of `failure`. */
  close(at: number, failure?: LlmFailure): Omit<Completion, 'model'> {
    // What a broken stream has begun is no event.
    if (failure === undefined) this.#reader.end();
    this.#take(at);
    this.#add(this.#splitter.end(), this.#arrivals.at(-1) ?? at);
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
      reasoningUsage: this.#reasoningUsage,
      finish: this.#finish,
      choices: this.#choices > 1 ? this.#choices : undefined,
    };
  }

  #failureOf(broken: LlmFailure | undefined): LlmFailure | undefined {
    if (this.#failure !== undefined) return this.#failure;
    // What happens to the connection behind the end of the answer is nobody's loss.
    if (broken !== undefined && !this.done) return broken;
    if (!this.done && this.#finish === undefined) return this.#unfinished();
    return this.#arrivals.length > 0 ? undefined : { code: 'no-token', message: withoutText(this.#finish) };
  }

  #unfinished(): LlmFailure {
    const beginning = this.#redact(this.#beginning).slice(0, 80).trim();
    if (this.#understood || beginning === '') {
      return {
        code: 'cut-off',
        message: 'the stream ended before the answer did: neither [DONE] nor finish_reason came',
      };
    }
    return { code: 'not-a-stream', message: `what came is no stream of events: ${beginning}` };
  }

  #take(at: number): void {
    const before = this.#events;
    for (const data of this.#read.splice(0)) {
      this.#understood = true;
      if (data.trim() === '[DONE]') this.#doneAt ??= at;
      else if (!this.done) this.#takeChunk(data, at);
    }
    if (this.#events > before && this.#arrivals.at(-1) !== at) this.#arrivals.push(at);
  }

  #takeChunk(data: string, at: number): void {
    const chunk = parseChunk(data);
    if (chunk === undefined) {
      const shown = this.#redact(data.slice(0, mostBeginning)).slice(0, 80);
      this.#failure ??= { code: 'bad-event', message: `an event is no object of JSON: ${shown}` };
      return;
    }
    const { text, reasoning, besides, choice, error } = chunk;
    if (error !== undefined) this.#failure ??= { code: 'stream-error', message: error };
    if (text !== '' || reasoning !== '' || besides) this.#events += 1;
    this.#reasoning += reasoning;
    this.#add(this.#splitter.push(text), at);
    this.#choices = Math.max(this.#choices, choice + 1);
    this.#finish ??= chunk.finish;
    this.#model ??= chunk.model;
    // Some servers count in every event: the last count is that of the whole.
    this.#usage = chunk.completionTokens ?? this.#usage;
    this.#reasoningUsage = chunk.reasoningTokens ?? this.#reasoningUsage;
  }

  #add({ text, reasoning }: SplitText, at: number): void {
    this.#text += text;
    this.#reasoning += reasoning;
    if (text !== '') this.#firstOutput ??= at;
  }
}

function withoutText(finish: string | undefined): string {
  if (isCut(finish)) return 'the answer holds no text: its tokens ran out before it said anything; raise maxTokens';
  return `the answer holds no text${finish === undefined ? '' : `, and ended with finish_reason ${JSON.stringify(finish)}`}`;
}
