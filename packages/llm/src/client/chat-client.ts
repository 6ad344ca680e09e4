import { Agent as PlainAgent, request as plainRequest, type ClientRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { createRedactor, credentialsOf, oneLine, type Clock, type JsonObject, type Redactor } from '@perfkeel/core';
import { AnswerReader } from './answer-reader.ts';
import { timedOut, type Completion, type LlmFailure } from './completion.ts';
import { readResponse, type Lingering } from './read-response.ts';
import { secretsOf } from './secrets.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Beside and instead of what is always sent; `undefined` leaves a field out. */
  readonly body?: JsonObject | undefined;
}

/** Where an OpenAI-compatible API begins, such as `http://127.0.0.1:11434/v1`. */
export interface LlmServer {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface ChatClientOptions {
  readonly clock: Clock;
  /** For one whole answer. */
  readonly timeoutMs: number;
}

/** Node makes one millisecond of what is longer. */
const longestTimer = 2 ** 31 - 1;
/** So much of what a server says about a failure, or itself, is looked at, and so much is shown. */
const mostWords = 4096;
const mostMessage = 300;

/**
 * Asks for streamed chat completions and times what comes back. On `node:http`: under load `fetch` adds tens of
 * milliseconds of its own to the first byte.
 */
export class ChatClient {
  readonly #agent: PlainAgent;
  readonly #place: {
    readonly host: string;
    readonly port: string;
    readonly path: string;
    readonly auth: string | undefined;
  };
  readonly #request: typeof plainRequest;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #options: ChatClientOptions;
  readonly #redact: Redactor;
  readonly #lingering: Lingering = { expected: false };
  #closed = false;

  constructor(server: LlmServer, options: ChatClientOptions) {
    const { url, headers = {} } = server;
    const place = new URL(url);
    const { protocol, hostname, port, pathname, search } = place;
    const secure = protocol === 'https:';
    this.#agent = secure ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
    this.#request = secure ? tlsRequest : plainRequest;
    const path = `${pathname.replace(/\/+$/, '')}/chat/completions${search}`;
    this.#place = { host: hostname.replace(/^\[|\]$/g, ''), port, path, auth: credentialsOf(place) };
    this.#redact = createRedactor(secretsOf(server));
    this.#headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...lowerCase(headers) };
    this.#options = options;
  }

  /** What a server does, or does not, is data: rejects only for what cannot be sent at all, such as a broken header. */
  async ask(request: ChatRequest): Promise<Completion> {
    const text = JSON.stringify(bodyOf(request));
    const start = this.#options.clock.now();
    const { answer, stale } = await this.#post(text, start);
    // The server closed a kept connection while the request was on its way. It counts from its own beginning all the same.
    const last = stale && !this.#closed ? (await this.#post(text, start)).answer : answer;
    return { model: request.model, ...this.#withoutSecrets(last) };
  }

  /** Some servers repeat what they were sent. */
  #withoutSecrets(answer: Answer): Answer {
    const { failure, text, reasoning, answeredBy } = answer;
    return {
      ...answer,
      failure: failure && { ...failure, message: this.#shown(failure.message) },
      text: this.#redact(text),
      reasoning: this.#redact(reasoning),
      answeredBy: answeredBy && this.#shown(answeredBy),
    };
  }

  /** Once more behind the commands for a terminal: a secret may have been hidden between them. */
  #shown(words: string): string {
    const plain = oneLine(this.#redact(words).slice(0, mostWords));
    return this.#redact(plain).trim().slice(0, mostMessage);
  }

  /** Ends what is under way, too. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  #post(text: string, start: number): Promise<Posted> {
    const { clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const reader = new AnswerReader(this.#redact);
      const since = (): number => clock.now() - start;
      const headers = { ...this.#headers, 'content-length': Buffer.byteLength(text) };
      const sent = this.#request({ ...this.#place, agent: this.#agent, method: 'POST', headers });
      const settle = (failure?: LlmFailure): void => {
        clearTimeout(timer);
        resolve({ answer: reader.close(since(), failure), stale: wasStale(sent, failure) });
      };
      const timer = setTimeout(
        () => {
          settle(timedOut(timeoutMs));
          sent.destroy();
        },
        Math.min(timeoutMs, longestTimer),
      );
      sent.once('response', (response) =>
        readResponse(response, { reader, since, settle, redact: this.#redact, lingering: this.#lingering }),
      );
      sent.on('error', (error: NodeJS.ErrnoException) => settle(brokenBy(error)));
      sent.end(text);
    });
  }
}

type Answer = Omit<Completion, 'model'>;

interface Posted {
  readonly answer: Answer;
  readonly stale: boolean;
}

const bodyOf = ({ model, messages, maxTokens, body }: ChatRequest): JsonObject => ({
  ...{ model, messages, stream: true, stream_options: { include_usage: true }, max_tokens: maxTokens },
  ...body,
});

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const brokenBy = ({ code, message }: NodeJS.ErrnoException): LlmFailure => ({
  code: code ?? 'broken',
  message: message || String(code),
});

const wasStale = (sent: ClientRequest, failure: LlmFailure | undefined): boolean =>
  sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(failure?.code ?? '');
