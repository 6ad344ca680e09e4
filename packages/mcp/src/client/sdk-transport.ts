import { isObject, type JsonObject } from '@perfkeel/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing } from './message.ts';
import { answerOf, transportError, type McpAnswer } from './answer.ts';
import type { SdkClient, SdkTransport } from './sdk-peer.ts';
import { emptyWireCount, type NotificationListener, type Transport } from './transport.ts';

/** A server that does not take the end of a session for so long is left alone. */
const farewellMs = 2000;

/** What the official client does with answers that it has kept: `bypass` asks the server each time. */
export type SdkCacheMode = 'bypass' | 'use';

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
  #over: McpAnswer | undefined;

  constructor(client: SdkClient, below: SdkTransport, options: { timeoutMs: number; cacheMode: SdkCacheMode }) {
    this.#client = client;
    this.#below = below;
    this.#options = { timeout: options.timeoutMs, cacheMode: options.cacheMode };
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
      const { code, message } = error as { code?: unknown; message?: unknown };
      if (typeof code === 'number') return { outcome: 'rpc-error', error: { code, message: String(message) } };
      // The same end has the same word with either client.
      if (code === 'CONNECTION_CLOSED') return transportError('closed', String(message));
      return transportError(typeof code === 'string' ? code : 'broken', String(message));
    }
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
