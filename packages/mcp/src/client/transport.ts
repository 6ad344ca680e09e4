import type { JsonObject } from '@perfkeel/core';
import type { McpAnswer } from './answer.ts';
import type { Incoming, Outgoing } from './message.ts';
import type { Oddities } from './oddities.ts';

/** What has really been sent, counted where it leaves the process. */
export interface WireCount {
  /** Requests with an id: everything that a server has to answer. */
  requests: number;
  /** Of these, what opened a session. */
  handshakes: number;
  /** Of these, what was sent again in a new session, because the old one was gone. */
  resent: number;
  /** What could not be sent any more, since the server had ended; in none of the others. */
  unsent: number;
  /** Lines or events that were no message. */
  strange: number;
}

export const emptyWireCount = (): WireCount => ({ requests: 0, handshakes: 0, resent: 0, unsent: 0, strange: 0 });

/** A request on its way; the same `id` cancels it. */
export interface Sending {
  readonly id: number;
  readonly answer: Promise<McpAnswer>;
}

/** What a server says without being asked, and without wanting an answer. */
export type NotificationListener = (method: string, params: JsonObject) => void;

/** The way to a server: lines over pipes, or requests of HTTP. */
export interface Transport {
  readonly wire: WireCount;
  readonly odd: Oddities;
  /** The process that serves, when this client has started it. */
  readonly pid: number | undefined;
  /** Told of every notification that arrives. */
  onNotification: NotificationListener | undefined;
  request(message: Outgoing & { readonly id: number }): Promise<McpAnswer>;
  notify(message: Outgoing): Promise<void>;
  /** Tells the server that nobody waits for an answer any more; one that comes all the same is still delivered. */
  cancel(id: number): Promise<void>;
  /** Opens the way on which a server speaks of its own accord; false when it offers none. */
  listen(): Promise<boolean>;
  /** Stops waiting for an answer, and frees what waited. */
  forget(id: number): void;
  /** From now on: what every message says of the version, and how a lost session is opened again. */
  agree(session: Agreed): void;
  close(): Promise<void>;
}

/** What client and server have agreed on. */
export interface Agreed {
  readonly protocolVersion: string;
  /** Without a handshake, every request says what it speaks. */
  readonly stateless: boolean;
  /** The message that opens a session; absent where there are none. */
  readonly opening?: JsonObject | undefined;
}

export const cancelled = (requestId: number): Outgoing => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId, reason: 'nobody waits any longer' },
});

/** Hands on what is a notification; answers and requests are none. */
export function tell(listener: NotificationListener | undefined, { id, method, params }: Incoming): void {
  if (listener === undefined || id !== undefined || typeof method !== 'string') return;
  listener(method, (params ?? {}) as JsonObject);
}
