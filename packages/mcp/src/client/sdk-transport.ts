import { isObject, type JsonObject } from '@perfkeel/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing } from './message.ts';
import { answerOf, transportError, type McpAnswer } from './answer.ts';
import { tooLong, type AnswerLimit } from './answer-limit.ts';
import type { SdkClient, SdkTransport } from './sdk-peer.ts';
import { emptyWireCount, type NotificationListener, type Transport } from './transport.ts';

/** A server that does not take the end of a session for so long is left alone. */
const farewellMs = 2000;

/** What the official client does with answers that it has kept: `bypass` asks the server each time. */
export type SdkCacheMode = 'bypass' | 'use';

/** In an answer that is made here, in the place of one that is not read. */
const cutMark = 'perfkeel: too long';

interface SdkHands {
  readonly timeoutMs: number;
  readonly cacheMode: SdkCacheMode;
  readonly limit: AnswerLimit;
}

/**
 * The official client in the place of our own: what a host sees, with its validation and its bookkeeping. Requests are
 * counted where they leave it, so that an answer out of its own cache is noticed.
 */
export class ThroughSdk implements Transport {
  readonly wire = emptyWireCount();
  readonly odd = {};
  onNotification: NotificationListener | undefined;
  readonly #client: SdkClient;
  readonly #below: SdkTransport;
  readonly #options: JsonObject;
  readonly #tooLong: McpAnswer;
  #over: McpAnswer | undefined;
  /** Over pipes the client ends a server whose message is too long. */
  #endedBy: McpAnswer | undefined;

  constructor(client: SdkClient, below: SdkTransport, { timeoutMs, cacheMode, limit }: SdkHands) {
    this.#client = client;
    this.#below = below;
    this.#options = { timeout: timeoutMs, cacheMode };
    this.#tooLong = tooLong(limit);
    client.onerror = ({ message }) => {
      if (message.includes('exceeded maximum size')) this.#endedBy = this.#tooLong;
    };
    client.onclose = () => (this.#over = transportError('closed', 'the server has ended'));
    const send = below.send.bind(below);
    below.send = (message, sendOptions) => {
      if (isObject(message) && message['id'] !== undefined && message['method'] !== undefined) this.wire.requests += 1;
      return send(message, sendOptions);
    };
  }

  get pid(): number | undefined {
    return this.#below.pid ?? undefined;
  }

  async connect(timeoutMs: number): Promise<void> {
    await this.#client.connect(this.#below, { timeout: timeoutMs });
    this.wire.handshakes = this.wire.requests;
  }

  async request({ method, params = {} }: Outgoing): Promise<McpAnswer> {
    if (this.#over !== undefined) {
      this.wire.unsent += 1;
      return this.#over;
    }
    try {
      return answerOf({ result: await this.#ask(method, params) });
    } catch (error) {
      const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
      if (data === cutMark) return this.#tooLong;
      if (typeof code === 'number') return { outcome: 'rpc-error', error: { code, message: String(message) } };
      // The same end has the same word with either client.
      if (code === 'CONNECTION_CLOSED') return this.#endedBy ?? transportError('closed', String(message));
      return transportError(typeof code === 'string' ? code : 'broken', String(message));
    }
  }

  /** The answer to this request is too long, and is not read. */
  cut(id: number | undefined): void {
    if (id === undefined) return;
    this.#below.onmessage?.({ jsonrpc: '2.0', id, error: { code: 0, message: 'too long', data: cutMark } });
  }

  #ask(method: string, params: JsonObject): Promise<JsonObject> {
    switch (method) {
      case 'tools/call':
        return this.#client.callTool(params, this.#options);
      case 'resources/read':
        return this.#client.readResource(params, this.#options);
      case 'prompts/get':
        return this.#client.getPrompt(params, this.#options);
      default:
        return this.#client.request({ method, params }, this.#options);
    }
  }

  notify(): Promise<void> {
    return Promise.resolve();
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  /** Its notifications go to handlers of its own: what needs them is measured with our client. */
  listen(): Promise<boolean> {
    return Promise.resolve(false);
  }

  forget(): void {
    // It has the same timeout, and forgets by itself.
  }

  agree(): void {
    // It agrees with the server by itself.
  }

  /** Ends the session as our own client does; the official one leaves it to the server to forget. */
  async close(): Promise<void> {
    const ended = this.#below.terminateSession?.().catch(() => undefined);
    await Promise.race([ended, sleep(farewellMs, undefined, { ref: false })]);
    await this.#client.close();
  }
}
