import { isObject, type JsonObject } from '@perfkeel/core';

/** What one event of a stream says. Whatever else a server adds is passed over. */
export interface ChatChunk {
  /** Of the first choice, or of its call of a tool. Empty in the first event of many servers, which only names the role. */
  readonly text: string;
  /** What a model says to itself before it answers: `reasoning_content` or `reasoning`. */
  readonly reasoning: string;
  /** The number of the last choice that is spoken of here, from 0. */
  readonly choice: number;
  /** Whether a choice other than the first goes on here. */
  readonly besides: boolean;
  /** Why the answer ends here. */
  readonly finish?: string | undefined;
  readonly model?: string | undefined;
  /** Tokens of the whole answer, reasoning included, as the server counts them. */
  readonly completionTokens?: number | undefined;
  /** Those of them that are reasoning. */
  readonly reasoningTokens?: number | undefined;
  /** The server gave up in the middle, and says so. */
  readonly error?: string | undefined;
}

/** Reads the data of one event; `undefined` when they are no object of JSON. */
export function parseChunk(data: string): ChatChunk | undefined {
  const message = parsed(data);
  if (message === undefined) return undefined;
  const { choices, usage, model } = message;
  const all = (Array.isArray(choices) ? choices : []).filter(isObject);
  const first = all.find((one) => numberOf(one) === 0) ?? {};
  const { completion_tokens: tokens, completion_tokens_details: details } = isObject(usage) ? usage : {};
  const { finish_reason: finish } = first;
  return {
    ...saidIn(first),
    choice: Math.max(0, ...all.map(numberOf)),
    besides: all.some((one) => one !== first && Object.values(saidIn(one)).some((said) => said !== '')),
    finish: typeof finish === 'string' ? finish : undefined,
    model: typeof model === 'string' ? model : undefined,
    completionTokens: countOf(tokens),
    reasoningTokens: countOf(isObject(details) ? details['reasoning_tokens'] : undefined),
    error: errorText(message),
  };
}

const countOf = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined);

/** Not every server numbers the only choice. */
const numberOf = ({ index }: JsonObject): number => countOf(index) ?? 0;

function saidIn({ delta }: JsonObject): Pick<ChatChunk, 'text' | 'reasoning'> {
  const said = isObject(delta) ? delta : {};
  return {
    text: textOf(said['content']) + textOf(said['refusal']) + toolText(said['tool_calls']),
    reasoning: textOf(said['reasoning_content']) || textOf(said['reasoning']),
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
