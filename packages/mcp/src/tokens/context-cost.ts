import { describeValue, isObject, type JsonObject, type Tokenizer } from '@perfkeel/core';

export interface ToolCost {
  readonly name: string;
  /** Tokens of its name, description and input schema: what a host shows to a model. */
  readonly tokens: number;
  /** It cannot be written as JSON, and is not counted. */
  readonly tooDeep?: true;
}

/** What a server costs before anybody has asked it anything. */
export interface ContextCost {
  readonly encoding: string;
  /** Of all tools together, and of the instructions. */
  readonly total: number;
  /** Of the answer to `tools/list` as it stands, with what hosts usually leave out. */
  readonly listed: number;
  readonly instructions: number;
  /** The most expensive first. */
  readonly tools: readonly ToolCost[];
}

/** Tokens that every conversation pays for the tools of a server. */
export function contextCost(
  tools: readonly JsonObject[],
  instructions: string | undefined,
  tokenizer: Tokenizer,
): ContextCost {
  const each = tools.map((tool) => costOfTool(tool, tokenizer));
  const spoken = instructions === undefined ? 0 : costOfText(instructions, tokenizer).tokens;
  return {
    encoding: tokenizer.id,
    total: each.reduce((sum, { tokens }) => sum + tokens, spoken),
    listed: costOfText(jsonOf({ tools }), tokenizer).tokens,
    instructions: spoken,
    tools: each.sort((a, b) => b.tokens - a.tokens),
  };
}

const visibleText = ({ name, description, inputSchema }: JsonObject): string =>
  jsonOf({ name, description, inputSchema });

function costOfTool(tool: JsonObject, tokenizer: Tokenizer): ToolCost {
  const name = nameIn(tool, 'name');
  const text = visibleText(tool);
  return text === tooDeep ? { name, tokens: 0, tooDeep: true } : { name, tokens: costOfText(text, tokenizer).tokens };
}

/** A name that a server gives; what is no text is named by what it is, since its own text may have any depth. */
export const nameIn = (listed: JsonObject, field: 'name' | 'uri'): string => {
  const name = listed[field];
  return typeof name === 'string' ? name : describeValue(name);
};

/** Counting takes a second for 10 MB; nobody's context holds more than this. */
const mostCounted = 2_000_000;

/** What a text costs; estimated when only its beginning was counted, and the rest taken to be like it. */
export interface TextCost {
  readonly tokens: number;
  readonly estimated?: true;
}

/** Tokens of a text of any length. */
export function costOfText(text: string, tokenizer: Tokenizer): TextCost {
  if (text.length <= mostCounted) return { tokens: tokenizer.count(text) };
  const beginning = tokenizer.count(text.slice(0, mostCounted));
  return { tokens: Math.round((beginning / mostCounted) * text.length), estimated: true };
}

/**
 * The text of a result as it enters the context of a model: texts as they stand, everything else as JSON. Where
 * `structuredContent` repeats the text, hosts show the text.
 */
export function resultText(result: JsonObject | undefined): string {
  const { content, contents, messages, structuredContent } = result ?? {};
  const parts = [content, contents, messages].find((list) => Array.isArray(list)) as readonly unknown[] | undefined;
  if (parts === undefined || parts.length === 0) {
    return structuredContent === undefined ? '' : jsonOf(structuredContent);
  }
  return parts.map(partText).join('\n');
}

function partText(part: unknown): string {
  if (!isObject(part)) return jsonOf(part);
  const inner = isObject(part['content']) ? part['content'] : isObject(part['resource']) ? part['resource'] : part;
  return typeof inner['text'] === 'string' ? inner['text'] : jsonOf(inner);
}

const tooDeep = '[nested too deeply]';

/** What is nested thousands deep cannot be written, and no host can show it to a model. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return tooDeep;
  }
}
