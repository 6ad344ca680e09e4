import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Clock, JsonObject } from '@perfkeel/core';
import { AnswerReader } from './answer-reader.ts';
import { errorText, parsed } from './chat-chunk.ts';
import type { Completion, LlmFailure } from './completion.ts';

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

/** How long a connection may stay open behind `[DONE]`. */
const lingerMs = 250;
/** Node makes one millisecond of what is longer. */
const longestTimer = 2 ** 31 - 1;
/** No answer is longer. A server that never stops must not fill the memory. */
const mostBytes = 64 * 2 ** 20;
const mostErrorText = 64 * 1024;

/**
 * Asks for streamed chat completions and times what comes back. On `node:http`: under load `fetch` adds tens of
 * milliseconds of its own to the first byte.
 */
export class ChatClient {
  readonly #agent: PlainAgent;
  readonly #place: { readonly host: string; readonly port: string; readonly path: string };
  readonly #request: typeof plainRequest;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #options: ChatClientOptions;
  #closed = false;

  constructor({ url, headers = {} }: LlmServer, options: ChatClientOptions) {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const secure = protocol === 'https:';
    this.#agent = secure ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
    this.#request = secure ? tlsRequest : plainRequest;
    const path = `${pathname.replace(/\/+$/, '')}/chat/completions${search}`;
    this.#place = { host: hostname.replace(/^\[|\]$/g, ''), port, path };
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
    return { model: request.model, ...last };
  }

  /** Ends what is under way, too. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  #post(text: string, start: number): Promise<Posted> {
    const { clock, timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const reader = new AnswerReader();
      const since = (): number => clock.now() - start;
      const headers = { ...this.#headers, 'content-length': Buffer.byteLength(text) };
      const sent = this.#request({ ...this.#place, agent: this.#agent, method: 'POST', headers });
      const settle = (failure?: LlmFailure): void => {
        clearTimeout(timer);
        resolve({ answer: reader.close(since(), failure), stale: wasStale(sent, failure) });
      };
      const timer = setTimeout(
        () => {
          settle({ code: 'timeout', message: `no whole answer within ${timeoutMs} ms` });
          sent.destroy();
        },
        Math.min(timeoutMs, longestTimer),
      );
      sent.once('response', (response) => readResponse(response, { reader, since, settle }));
      sent.on('error', (error: NodeJS.ErrnoException) => settle(brokenBy(error)));
      sent.end(text);
    });
  }
}

interface Posted {
  readonly answer: Omit<Completion, 'model'>;
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
  sent.reusedSocket && failure?.code === 'ECONNRESET';

interface Reading {
  readonly reader: AnswerReader;
  readonly since: () => number;
  readonly settle: (failure?: LlmFailure) => void;
}

/** Settles once or more; only the first time counts. */
function readResponse(response: IncomingMessage, { reader, since, settle }: Reading): void {
  const cut = { code: 'cut-off', message: 'the connection was closed before the answer ended' };
  response.once('close', () => settle(response.complete ? undefined : cut));
  response.on('error', () => settle(cut));
  const { statusCode: status = 0, headers } = response;
  // Not every server names the type of a stream.
  const instead = /^(?:application\/json|text\/html)/.exec(headers['content-type'] ?? '')?.[0];
  if (status >= 300 || instead !== undefined) return readRefusal(response, settle, instead);
  let bytes = 0;
  let lingering: NodeJS.Timeout | undefined;
  const arrival = sameForOneRead(since);
  response.on('data', (piece: Buffer) => {
    reader.push(piece, arrival());
    bytes += piece.length;
    if (bytes > mostBytes) settle({ code: 'too-long', message: `more than ${mostBytes} bytes` });
    if (bytes > mostBytes) response.destroy();
    if (reader.done) lingering ??= setTimeout(() => response.destroy(), lingerMs).unref();
  });
  response.once('end', () => {
    clearTimeout(lingering);
    settle();
  });
}

/** Node hands over the chunks of one read one by one, in one turn: they arrived together. */
function sameForOneRead(since: () => number): () => number {
  let at: number | undefined;
  return () => {
    if (at === undefined) process.nextTick(() => (at = undefined));
    return (at ??= since());
  };
}

function readRefusal(
  response: IncomingMessage,
  settle: (failure: LlmFailure) => void,
  instead: string | undefined,
): void {
  const { statusCode: status = 0 } = response;
  const pieces: Buffer[] = [];
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= mostErrorText) pieces.push(piece);
  });
  response.once('end', () => {
    const text = Buffer.concat(pieces).toString('utf8');
    const words = errorText(parsed(text) ?? {}) ?? text.slice(0, 200);
    settle(
      status >= 300
        ? {
            code: `http-${status}`,
            message: words === '' ? `HTTP status ${status}` : `HTTP status ${status}: ${words}`,
          }
        : { code: 'not-a-stream', message: `${instead} came instead of a stream: ${words}` },
    );
  });
}
