import {
  badOption,
  parseDuration,
  isObject,
  type DurationText,
  type PerfError,
  type RunningTarget,
  type TargetSpec,
  type JsonObject,
  type Tokenizer,
} from '@perfkeel/core';
import type { ChatMessage, LlmServer } from './client/chat-client.ts';
import { badHeaders, badUrl, isSendable, isUrl } from './server-options.ts';

/**
 * - `baseline`: one request at a time, memory, and what a model still knows of a conversation
 * - `cross-model`: switches from model to model in the middle of conversations
 * - `stability`: many requests at once
 */
export const llmPhases = ['baseline', 'cross-model', 'stability'] as const;
export type LlmPhase = (typeof llmPhases)[number];

/** A server of language models, and what of it is measured. */
export interface LlmSubject {
  /** Where an OpenAI-compatible API begins: `http://127.0.0.1:11434/v1`. Leave it out with `target`. */
  readonly url?: string | undefined;
  /** A server that the runner starts before each round. */
  readonly target?: TargetSpec | undefined;
  /** Where the API of the target begins. @default '/v1' */
  readonly path?: string | undefined;
  /** Such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The first is measured; from it to the others and back it is switched. */
  readonly models: string | readonly string[];
  /** @default all for which there are models: `cross-model` needs two */
  readonly phases?: readonly LlmPhase[] | undefined;
  /**
   * Asked in turns, or made for each request by its number in the round. A server that keeps what it has read answers the
   * same prompt faster the second time. @default four small tasks, each time behind other numbers
   */
  readonly prompts?: string | readonly string[] | ((n: number) => string | readonly ChatMessage[]) | undefined;
  /** @default 64 */
  readonly maxTokens?: number | undefined;
  /** Fields of every request, beside and instead of those that are sent anyway: `{ temperature: 0 }`. */
  readonly body?: JsonObject | undefined;
  /** For one whole answer. @default '60s' */
  readonly timeout?: DurationText | undefined;
  /**
   * How long the first request of a round waits for a server that answers 503 while it loads a model, or, where it was started
   * as a target or this is given, does not listen yet. @default that of the target, else '30s'
   */
  readonly startTimeout?: DurationText | undefined;
  /** Counts where the server sends no usage. @default events with text count as tokens, and a warning says so */
  readonly tokenizer?: Tokenizer | undefined;
  /** Requests of the baseline, one at a time. @default 20, or what the objectives take */
  readonly samples?: number | undefined;
  /** What is asked about conversations. */
  readonly context?:
    | {
        /** Conversations of a round. @default 20, or what the objectives take: 73 for `context-preservation > 95%` */
        readonly facts?: number | undefined;
        /** Turns about other things between telling and asking, taken in turns. @default [0, 2, 4, 8] */
        readonly turns?: readonly number[] | undefined;
        /** What these turns say. @default fifty words */
        readonly filler?: string | undefined;
      }
    | undefined;
  /** Switches of a round; whole tours over all models are made. @default 20, or what the objectives take */
  readonly switches?: number | undefined;
  /** Requests under way at once in the phase `stability`. @default 10 */
  readonly inFlight?: number | undefined;
  /** Requests of that phase. @default 10 for each in flight, or what the objectives take */
  readonly requests?: number | undefined;
  /** What a request has to keep, all of it, to count for `goodput`. */
  readonly goodput?:
    | {
        readonly ttft?: DurationText | undefined;
        readonly tpot?: DurationText | undefined;
        readonly e2e?: DurationText | undefined;
      }
    | undefined;
  /** Bytes that the server needs now. @default resident bytes of the started target and its children, on Linux */
  readonly memoryOf?: (() => number | PromiseLike<number>) | undefined;
}

export const subjectOptions: readonly string[] = [
  ...['url', 'target', 'path', 'headers', 'models', 'phases', 'prompts', 'maxTokens', 'body', 'timeout', 'tokenizer'],
  'startTimeout',
  ...['samples', 'context', 'switches', 'inFlight', 'requests', 'goodput', 'memoryOf'],
];

type Rule = (subject: LlmSubject) => PerfError | undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isList = (value: unknown, good: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(good);

/** An option that may be left out. */
const optional =
  (
    option: keyof LlmSubject,
    good: (value: unknown, subject: LlmSubject) => boolean,
    expected: string,
    hint: string,
  ): Rule =>
  (subject) => {
    const value = subject[option];
    if (value === undefined || good(value, subject)) return undefined;
    return badOption(option, value, expected, hint);
  };

const count = (option: 'samples' | 'switches' | 'inFlight' | 'requests' | 'maxTokens'): Rule =>
  optional(
    option,
    (value) => Number.isSafeInteger(value) && Number(value) >= 1,
    'a whole number from 1 upwards',
    `Write ${option}: 20.`,
  );

const urlExample = "Write url: 'http://127.0.0.1:11434/v1', or target: target({ command: ['node', 'server.js'] }).";
const modelsOf = ({ models }: LlmSubject): readonly string[] => (typeof models === 'string' ? [models] : models);

/** In plain JavaScript nothing else looks at what was written. */
const rules: readonly Rule[] = [
  ({ url, target }) =>
    (url === undefined) === (target === undefined)
      ? badOption('url', url, 'a url or a target, and not both', urlExample)
      : undefined,
  ({ url }) => (url === undefined || isUrl(url) ? undefined : badUrl(url, urlExample)),
  optional('path', (path) => typeof path === 'string' && path.startsWith('/'), 'a path', "Write path: '/v1'."),
  ({ headers }) => (headers === undefined || isSendable(headers) ? undefined : badHeaders(headers)),
  (subject) =>
    isList(modelsOf(subject), isText) && new Set(modelsOf(subject)).size === modelsOf(subject).length
      ? undefined
      : badOption('models', subject.models, 'the names of models, each once', "Write models: ['small', 'large']."),
  optional(
    'phases',
    (phases) => isList(phases, (phase) => llmPhases.some((known) => known === phase)),
    `some of ${llmPhases.join(', ')}`,
    "Write phases: ['baseline'].",
  ),
  (subject) =>
    subject.phases?.includes('cross-model') === true && modelsOf(subject).length < 2
      ? badOption('models', subject.models, 'two models to switch between', "Write models: ['small', 'large'].")
      : undefined,
  optional(
    'prompts',
    (prompts) => typeof prompts === 'function' || isText(prompts) || isList(prompts, isText),
    'a text, a list of texts, or a function',
    "Write prompts: ['Tell a story.', 'Explain a loop.'].",
  ),
  optional(
    'body',
    (body) => isObject(body) && !['model', 'messages', 'stream'].some((field) => field in body),
    'fields other than model, messages and stream',
    'Write body: { temperature: 0 }.',
  ),
  optional(
    'tokenizer',
    (tokenizer) => isObject(tokenizer) && isText(tokenizer['id']) && typeof tokenizer['count'] === 'function',
    'an object with id and count',
    "Write tokenizer: { id: 'words', count: (text) => text.split(' ').length }.",
  ),
  optional(
    'context',
    isContext,
    'how many facts, after how many turns',
    'Write context: { facts: 73, turns: [0, 8] }.',
  ),
  optional(
    'goodput',
    (limits) =>
      isObject(limits) &&
      Object.keys(limits).length > 0 &&
      Object.keys(limits).every((key) => ['ttft', 'tpot', 'e2e'].includes(key)),
    'limits of ttft, tpot and e2e',
    "Write goodput: { ttft: '500ms', tpot: '30ms' }.",
  ),
  optional(
    'memoryOf',
    (read) => typeof read === 'function',
    'a function that resolves with bytes',
    'Write memoryOf: async () => (await readStatus()).bytes.',
  ),
  count('samples'),
  count('switches'),
  count('inFlight'),
  count('requests'),
  count('maxTokens'),
];

function isContext(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).some((key) => !['facts', 'turns', 'filler'].includes(key))) return false;
  const { facts = 1, turns = [0], filler = 'x' } = value;
  const whole = (each: unknown, least: number): boolean => Number.isSafeInteger(each) && Number(each) >= least;
  return whole(facts, 1) && isList(turns, (each) => whole(each, 0)) && isText(filler);
}

/** @throws PerfError `bad-option` or `bad-quantity`, exit code 2, for the first thing that is wrong. */
export function verifySubject(subject: LlmSubject): void {
  for (const rule of rules) {
    const error = rule(subject);
    if (error !== undefined) throw error;
  }
  for (const limit of [subject.timeout, subject.startTimeout, ...Object.values(subject.goodput ?? {})]) {
    if (limit !== undefined) parseDuration(limit);
  }
}

/** Where the server of this round is. */
export function serverOf({ url, path = '/v1', headers }: LlmSubject, target: RunningTarget | undefined): LlmServer {
  return { url: target === undefined ? url! : new URL(path, target.url).href, headers };
}
