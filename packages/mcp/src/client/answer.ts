import { describeValue, isObject, type JsonObject } from '@perfkeel/core';
import type { Incoming } from './message.ts';

/**
 * How a request ended. Three failures, which are three different things:
 *
 * - `tool-error`: the tool ran, and says itself that it failed (`isError`)
 * - `rpc-error`: the server refused the request with an error of JSON-RPC
 * - `transport-error`: no answer came: a broken connection, a status of HTTP, an end of the process, a timeout
 */
export type McpOutcome = 'ok' | 'tool-error' | 'rpc-error' | 'transport-error';

/** The end of a request. A failed one is data, and is never thrown. */
export interface McpAnswer {
  readonly outcome: McpOutcome;
  /** Present for `ok` and `tool-error`. */
  readonly result?: JsonObject;
  readonly error?: McpFailure;
  /** Characters of the message that held it. */
  readonly length?: number;
}

export interface McpFailure {
  /** The number of JSON-RPC, or a word: `timeout`, `closed`, `http-503`, `ECONNREFUSED`. */
  readonly code: number | string;
  readonly message: string;
}

export const transportError = (code: string, message: string): McpAnswer => ({
  outcome: 'transport-error',
  error: { code, message },
});

/** Reads what a server answered, in a message of so many characters. */
export function answerOf({ result, error }: Incoming, length = 0): McpAnswer {
  if (error !== undefined && error !== null) {
    const { code, message } = isObject(error) ? error : { code: 0, message: describeValue(error) };
    return { outcome: 'rpc-error', error: { code: typeof code === 'number' ? code : 0, message: String(message) } };
  }
  if (!isObject(result)) return { outcome: 'rpc-error', error: { code: 0, message: 'the result is no object' } };
  // Since 2026-07-28 a server may ask back instead of answering; nobody is there who could reply.
  if (result['resultType'] === 'input_required') {
    return { outcome: 'rpc-error', error: { code: 0, message: 'the server asks for input before it answers' } };
  }
  if (result['isError'] !== true) return { outcome: 'ok', result, length };
  return { outcome: 'tool-error', result, length, error: { code: 'isError', message: firstText(result) } };
}

function firstText({ content }: JsonObject): string {
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isObject(first) && typeof first['text'] === 'string' ? first['text'] : 'the tool says that it failed';
}
