import type { JsonObject, Redactor } from '@perfkeel/core';
import type { ClientRequest } from 'node:http';
import type { HttpServer } from '../server.ts';
import { answerOf, transportError, type McpAnswer } from './answer.ts';
import { tooLong, type AnswerLimit } from './answer-limit.ts';
import { openPlace, type HttpPlace } from './http-exchange.ts';
import { protocolHeaders } from './http-headers.ts';
import { noteId, noteText, oddWords, type Oddities } from './oddities.ts';
import { answerTo, isAnswer, parseMessage, type Incoming, type Outgoing } from './message.ts';
import {
  cancelled,
  emptyWireCount,
  tell,
  type Agreed,
  type NotificationListener,
  type Transport,
} from './transport.ts';

const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** More than is shown: where it is cut, a secret may be cut, which could not be told any more. */
const headChars = 8000;
const shownChars = 200;

/** What a server may ask or send without being asked, at once or behind an answer. */
const mostReplies = 64;
const mostSurplus = 64;

/** A server forgets a session when it restarts, or when it wants to. */
const sessionGone = 'session-gone';

/** Streamable HTTP: a POST a message, over connections that stay open; the answer is JSON or a stream of events. */
export class HttpTransport implements Transport {
  readonly wire = emptyWireCount();
  readonly odd: Oddities = {};
  readonly pid = undefined;
  onNotification: NotificationListener | undefined;
  readonly #place: HttpPlace;
  readonly #own: Readonly<Record<string, string>>;
  readonly #underWay = new Map<number, ClientRequest>();
  #agreed: Agreed | undefined;
  #session: string | undefined;
  #renewal: Promise<McpAnswer> | undefined;
  #stream: Promise<boolean> | undefined;

  readonly #limit: AnswerLimit;
  readonly #present: Redactor;
  #last = 0;
  /** Answers to what the server asks, under way. */
  #replies = 0;

  constructor(server: HttpServer, limit: AnswerLimit, present: Redactor) {
    this.#present = present;
    this.#limit = limit;
    this.#place = openPlace(server.url, limit);
    // The headers of the protocol are lower case here, so that the user's own replace them and do not stand beside.
    this.#own = Object.fromEntries(
      Object.entries(server.headers ?? {}).map(([key, v]) => [key.toLowerCase(), String(v)]),
    );
  }

  async request(message: Outgoing & { readonly id: number }): Promise<McpAnswer> {
    if (this.#renewal) await this.#renewal;
    const session = this.#session;
    const answer = await this.#post(message);
    if (answer.error?.code !== sessionGone || this.#agreed?.opening === undefined) return answer;
    // Many requests may learn of it at once: they share one new session.
    if (this.#session === session) this.#renewal ??= this.#openAgain().finally(() => (this.#renewal = undefined));
    const opened = await this.#renewal;
    if (opened !== undefined && opened.outcome !== 'ok') return opened;
    this.wire.resent += 1;
    return this.#post(message);
  }

  async notify(message: Outgoing): Promise<void> {
    await this.#post(message);
  }

  async cancel(id: number): Promise<void> {
    if (this.#agreed?.stateless === true) this.forget(id);
    else await this.notify(cancelled(id));
  }

  listen(): Promise<boolean> {
    this.#stream ??= this.#place.listen(this.#headers({}), (text) => void this.#read(text, undefined, 200));
    return this.#stream;
  }

  forget(id: number): void {
    // Without a session, closing the stream is how a request is cancelled.
    this.#underWay.get(id)?.destroy();
    this.#underWay.delete(id);
  }

  agree(session: Agreed): void {
    this.#agreed = session;
  }

  async close(): Promise<void> {
    if (this.#session !== undefined) await this.#place.remove(this.#headers({}));
    this.#session = undefined;
    this.#place.close();
  }

  async #openAgain(): Promise<McpAnswer> {
    const { opening, ...rest } = this.#agreed!;
    this.#session = undefined;
    this.wire.handshakes += 1;
    const opened = await this.#post(opening as unknown as Outgoing);
    this.#agreed = { ...rest, opening };
    await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return opened;
  }

  #headers(message: Partial<Outgoing>): Record<string, string> {
    return { ...common, ...protocolHeaders(message, this.#agreed, this.#session), ...this.#own };
  }

  #post(message: Outgoing | JsonObject): Promise<McpAnswer> {
    const outgoing = message as Partial<Outgoing>;
    const id = outgoing.method === undefined ? undefined : outgoing.id;
    // By the time of the answer another request may have opened a new one.
    const inSession = this.#session !== undefined;
    if (id !== undefined) {
      this.wire.requests += 1;
      this.#last = Math.max(this.#last, id);
    }
    return new Promise((resolve) => {
      let [status, head, answered, surplus] = [0, '', false, 0];
      const settle = (answer: McpAnswer): void => {
        answered = true;
        resolve(answer);
      };
      const sent = this.#place.post(JSON.stringify(message), this.#headers(outgoing), {
        onHead: (code, headers) => {
          status = code;
          const session = headers['mcp-session-id'];
          if (outgoing.method === 'initialize' && code < 300 && typeof session === 'string') this.#session = session;
        },
        onText: (text) => {
          // A stream that goes on behind its answer would keep its connection for ever.
          if (answered && (surplus += 1) > mostSurplus) sent.destroy();
          head = text.slice(0, headChars);
          const answer = inSession && status === 404 ? undefined : this.#read(text, id, status);
          if (answer !== undefined) settle(answer);
        },
        onTooLong: () => {
          if (!answered) settle(tooLong(this.#limit));
        },
        onEnd: (error) => {
          if (id !== undefined) this.#underWay.delete(id);
          if (!answered) settle(unanswered({ status, head: this.#headOf(head), id, error, inSession, odd: this.odd }));
        },
      });
      if (id !== undefined) this.#underWay.set(id, sent);
    });
  }

  /** An answer to the request, or `undefined` for whatever else the server says meanwhile. */
  #read(text: string, id: number | undefined, status: number): McpAnswer | undefined {
    const message: Incoming | undefined = parseMessage(text);
    if (message === undefined) {
      if (status >= 300) return undefined;
      this.wire.strange += 1;
      noteText(this.odd, text);
      return undefined;
    }
    // An error of JSON-RPC may come with a status of HTTP, and then without the id of what it refuses.
    const own = message.id === id || (status >= 400 && (message.id === null || message.id === undefined));
    if (isAnswer({ ...message, id: message.id ?? 0 }) && own) return answerOf(message, text.length);
    if (isAnswer(message)) noteId(this.odd, message.id, this.#last);
    this.odd.unasked = (this.odd.unasked ?? 0) + 1;
    tell(this.onNotification, message);
    const answer = answerTo(message);
    if (answer !== undefined && this.#replies < mostReplies) {
      this.#replies += 1;
      void this.#post(answer).finally(() => (this.#replies -= 1));
    }
    return undefined;
  }

  #headOf(text: string): string {
    const head = this.#present(text);
    return head.length > shownChars ? `${head.slice(0, shownChars)}…` : head;
  }
}

interface Silence {
  readonly status: number;
  /** The beginning of what came instead. */
  readonly head: string;
  readonly id: number | undefined;
  readonly error: NodeJS.ErrnoException | undefined;
  readonly inSession: boolean;
  readonly odd: Oddities;
}

function unanswered({ status, head, id, error, inSession, odd }: Silence): McpAnswer {
  if (error !== undefined) return transportError(error.code ?? 'broken', error.message || String(error.code));
  if (status === 404 && inSession) return transportError(sessionGone, 'the session is gone');
  if (status >= 300) return transportError(`http-${status}`, `HTTP status ${status}${head === '' ? '' : `: ${head}`}`);
  if (id === undefined) return { outcome: 'ok', result: {} };
  return transportError('no-answer', `HTTP status ${status} without an answer to the request${oddWords(odd)}`);
}
