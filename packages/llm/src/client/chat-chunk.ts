import { isObject, type JsonObject } from '@perfkeel/core';

/** What one event of a stream says. Whatever else a server adds is passed over. */
export interface ChatChunk {
  /** Of the answer, or of a call of a tool. Empty in the first event of many servers, which only names the role. */
  readonly text: string;
  /** What a model says to itself before it answers: `reasoning_content` or `reasoning`. */
  readonly reasoning: string;
  /** Why the answer ends here. */
  readonly finish?: string | undefined;
  readonly model?: string | undefined;
  /** Tokens of the whole answer, reasoning included, as the server counts them. */
  readonly completionTokens?: number | undefined;
  /** The server gave up in the middle, and says so. */
  readonly error?: string | undefined;
}

/** Reads the data of one event; `undefined` when they are no object of JSON. */
export function parseChunk(data: string): ChatChunk | undefined {
  const message = parsed(data);
  if (message === undefined) return undefined;
  const { choices, usage, model } = message;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { delta, finish_reason: finish } = isObject(choice) ? choice : {};
  const said = isObject(delta) ? delta : {};
  const tokens = isObject(usage) ? usage['completion_tokens'] : undefined;
  return {
    text: textOf(said['content']) + toolText(said['tool_calls']),
    reasoning: textOf(said['reasoning_content']) || textOf(said['reasoning']),
    finish: typeof finish === 'string' ? finish : undefined,
    model: typeof model === 'string' ? model : undefined,
    completionTokens: Number.isSafeInteger(tokens) ? (tokens as number) : undefined,
    error: errorText(message),
  };
}

/** The words of an error: `{ error: { message } }`, `{ error: 'words' }`, or `{ object: 'error', message }`. */
export function errorText(message: JsonObject): string | undefined {
  const { error, object } = message;
  if (isObject(error)) return textOf(error['message']) || JSON.stringify(error);
  if (typeof error === 'string') return error;
  return object === 'error' ? textOf(message['message']) || 'an error without words' : undefined;
}

export function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function toolText(calls: unknown): string {
  if (!Array.isArray(calls)) return '';
  const functions = calls.map((call: unknown) =>
    isObject(call) && isObject(call['function']) ? call['function'] : {},
  );
  return functions.map((one) => textOf(one['name']) + textOf(one['arguments'])).join('');
}
