import type { McpAnswer } from './answer.ts';
import type { JsonObject, Outgoing } from './message.ts';

/** What has really been sent, counted where it leaves the process. */
export interface WireCount {
  /** Requests with an id: everything that a server has to answer. */
  requests: number;
  /** Of these, what opened a session. */
  handshakes: number;
  /** Of these, what was sent again in a new session, because the old one was gone. */
  resent: number;
  /** Lines or events that were no message. */
  strange: number;
}

export const emptyWireCount = (): WireCount => ({ requests: 0, handshakes: 0, resent: 0, strange: 0 });

/** A request on its way; the same `id` cancels it. */
export interface Sending {
  readonly id: number;
  readonly answer: Promise<McpAnswer>;
}

/** The way to a server: lines over pipes, or requests of HTTP. */
export interface Transport {
  readonly wire: WireCount;
  /** The process that serves, when this client has started it. */
  readonly pid: number | undefined;
  request(message: Outgoing & { readonly id: number }): Promise<McpAnswer>;
  notify(message: Outgoing): Promise<void>;
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
