import { isObject, type JsonObject } from '@perfkeel/core';

/** A request or a notification of JSON-RPC 2.0, before it is text. */
export interface Outgoing {
  readonly jsonrpc: '2.0';
  readonly id?: number;
  readonly method: string;
  readonly params?: JsonObject;
}

/** What a server says: an answer, or a request or a notification of its own. */
export interface Incoming {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** `undefined` for what is no message: some servers print to stdout what belongs to stderr. */
export function parseMessage(text: string): Incoming | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** An answer belongs to a request; everything else is the server's own. */
export const isAnswer = ({ id, method, result, error }: Incoming): boolean =>
  method === undefined && id !== undefined && (result !== undefined || error !== undefined);

/** What this client answers when it is asked: it is alive, and it can do nothing for a server. */
export function answerTo({ id, method }: Incoming): JsonObject | undefined {
  if (typeof method !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) return undefined;
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} };
  return { jsonrpc: '2.0', id, error: { code: -32601, message: `this client does not answer ${method}` } };
}
