import { isObject, type JsonObject, type Redactor } from '@perfkeel/core';
import { transportError, type McpAnswer, type McpFailure } from './answer.ts';
import { listPages, type Listing } from './list-pages.ts';
import { oddWords, type Oddities } from './oddities.ts';
import type { NotificationListener, Sending, Transport, WireCount } from './transport.ts';

/** A revision of the protocol: with a handshake and sessions, or, since 2026-07-28, without. */
export type McpEra = '2025-11-25' | '2026-07-28';

/** What a server can list. */
export type McpList = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

const listMethods: Readonly<Record<McpList, string>> = {
  tools: 'tools/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
  prompts: 'prompts/list',
};

/** What a server says of itself when it is asked first. */
export interface McpGreeting {
  readonly era: McpEra;
  /** The version that was agreed on; may be older than the era. */
  readonly protocolVersion: string;
  readonly name: string;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly capabilities: JsonObject;
}

/**
 * A client that adds as little as possible to what it measures: it validates nothing, caches nothing, and sends each
 * request as it is. `connectMcp` makes one.
 */
export class McpClient {
  readonly greeting: McpGreeting;
  readonly #transport: Transport;
  readonly #meta: JsonObject | undefined;
  readonly #timeoutMs: number;
  readonly #present: Redactor;
  readonly #listeners = new Set<NotificationListener>();
  #last: number;

  constructor(
    transport: Transport,
    greeting: McpGreeting,
    parts: { meta?: JsonObject; timeoutMs: number; last: number; present: Redactor },
  ) {
    this.#transport = transport;
    this.greeting = greeting;
    this.#meta = parts.meta;
    this.#timeoutMs = parts.timeoutMs;
    this.#last = parts.last;
    this.#present = parts.present;
    transport.onNotification = (method, said) => {
      for (const listener of this.#listeners) listener(method, said);
    };
  }

  /** What has really been sent until now. */
  get wire(): Readonly<WireCount> {
    return { ...this.#transport.wire };
  }

  /** What the server did that no client expects. */
  get odd(): Readonly<Oddities> {
    return { ...this.#transport.odd };
  }

  /** Makes a text of this server fit to be shown: without its secrets, and without control characters. */
  present(text: string): string {
    return this.#present(text);
  }

  /** The process that serves, when this client has started it. */
  get pid(): number | undefined {
    return this.#transport.pid;
  }

  /** Sends one request. Never rejects: a failure is an answer too. */
  request(method: string, params: JsonObject = {}): Promise<McpAnswer> {
    return this.send(method, params).answer;
  }

  /** The same, with the id that `cancel` takes. */
  send(method: string, params: JsonObject = {}): Sending {
    const id = ++this.#last;
    const waiting = { timeoutMs: this.#timeoutMs, transport: this.#transport, present: this.#present };
    return { id, answer: within(waiting, id, this.#post(id, method, params)) };
  }

  #post(id: number, method: string, params: JsonObject): Promise<McpAnswer> {
    const own = params['_meta'];
    const asked =
      this.#meta === undefined ? params : { ...params, _meta: isObject(own) ? { ...own, ...this.#meta } : this.#meta };
    return this.#transport.request({ jsonrpc: '2.0', id, method, params: asked });
  }

  /**
   * Tells the server that nobody waits for a request any more: by a notification, or, without sessions, by closing its
   * stream. An answer that comes all the same is still delivered.
   */
  cancel(id: number): Promise<void> {
    return this.#transport.cancel(id);
  }

  /** Hears every notification of the server. Returns what ends it. */
  onNotification(listener: NotificationListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Asks to be told when a resource changes. Resolves with `undefined` when that is agreed, otherwise with why not. */
  async subscribe(uri: string): Promise<McpFailure | undefined> {
    if (this.greeting.era === '2026-07-28') return this.#listenFor(uri);
    if (await this.#transport.listen()) return (await this.request('resources/subscribe', { uri })).error;
    return { code: 'no-stream', message: 'the server offers no stream of events' };
  }

  /** Without sessions, a subscription is a request that stays open; it ends with the client. */
  #listenFor(uri: string): Promise<McpFailure | undefined> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      const settle = (failure: McpFailure | undefined): void => {
        stop();
        clearTimeout(timer);
        resolve(failure);
      };
      const stop = this.onNotification((method) => {
        if (method === 'notifications/subscriptions/acknowledged') settle(undefined);
      });
      const timer = setTimeout(() => settle({ code: 'timeout', message: 'nobody acknowledges it' }), this.#timeoutMs);
      const asked = { notifications: { resourceSubscriptions: [uri] } };
      void this.#post(id, 'subscriptions/listen', asked).then(({ error }) =>
        settle(error ?? { code: 'ended', message: 'the server ended the subscription' }),
      );
    });
  }

  callTool(name: string, args: JsonObject = {}): Promise<McpAnswer> {
    return this.request('tools/call', { name, arguments: args });
  }

  readResource(uri: string): Promise<McpAnswer> {
    return this.request('resources/read', { uri });
  }

  getPrompt(name: string, args: JsonObject = {}): Promise<McpAnswer> {
    return this.request('prompts/get', { name, arguments: args });
  }

  /** Everything of one list, page by page; empty when the server does not know it. Of one without end, the beginning. */
  async list(what: McpList): Promise<readonly JsonObject[]> {
    return (await this.listPages(what)).items;
  }

  /** The same, with why it may not be everything. */
  listPages(what: McpList): Promise<Listing> {
    return listPages(what, (params) => this.request(listMethods[what], params));
  }

  /** Ends the session, and the process that was started for it. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}

/** Who waits for an answer, and how. */
export interface Waiting {
  readonly timeoutMs: number;
  readonly transport: Transport;
  readonly present: Redactor;
}

/** The answer, or a timeout: whoever waits for ever measures nothing. What a failure says is fit to be shown. */
export function within(
  { timeoutMs, transport, present }: Waiting,
  id: number,
  answer: Promise<McpAnswer>,
): Promise<McpAnswer> {
  return new Promise((resolve) => {
    const settle = (got: McpAnswer): void =>
      resolve(got.error === undefined ? got : presented(got, got.error, present));
    const timer = setTimeout(() => {
      settle(transportError('timeout', `no answer within ${timeoutMs} ms${oddWords(transport.odd)}`));
      transport.forget(id);
    }, timeoutMs);
    void answer.then((got) => {
      clearTimeout(timer);
      settle(got);
    });
  });
}

/** Of a message; more explains nothing. */
const mostChars = 2000;
const cut = (text: string): string => (text.length > mostChars ? `${text.slice(0, mostChars)}…` : text);

const presented = (answer: McpAnswer, { code, message }: McpFailure, present: Redactor): McpAnswer => ({
  ...answer,
  error: { code, message: cut(present(message.slice(0, 10 * mostChars))) },
});
