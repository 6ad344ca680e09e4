import { badOption, type DurationText, type RunningTarget, type TargetSpec } from '@perfkeel/core';
import type { McpClient, McpEra } from './client/mcp-client.ts';
import { isObject, type JsonObject } from './client/message.ts';
import { serverOption, type McpServer } from './server.ts';

/** What a server tells of its cache: counters that only grow. */
export interface CacheCounters {
  readonly hits: number;
  readonly misses: number;
}

/** A tool with arguments. */
export interface ToolCall {
  readonly tool: string;
  readonly args?: JsonObject | undefined;
}

/** A server, and what of it is measured. */
export interface McpSubject {
  /** A command that is started for each session, or a url. Leave it out with `target`. */
  readonly server?: McpServer | undefined;
  /** A server of streamable HTTP that the runner starts before each round. */
  readonly target?: TargetSpec | undefined;
  /** Where the target answers. @default '/mcp' */
  readonly path?: string | undefined;
  readonly era?: McpEra | 'auto' | undefined;
  /** For one request. @default '30s' */
  readonly timeout?: DurationText | undefined;
  /**
   * Arguments of tools: `{ search: { query: 'a' } }`. These are called, whatever they say of themselves; of all others
   * only those that declare themselves read-only and need no arguments.
   */
  readonly tools?: Readonly<Record<string, JsonObject>> | undefined;
  /** Resources that are read. @default all that the server lists */
  readonly resources?: readonly string[] | undefined;
  /** Arguments of prompts. @default all prompts that need none */
  readonly prompts?: Readonly<Record<string, JsonObject>> | undefined;
  /** Requests for each resource, tool and prompt in a round, one at a time. @default 60, or what the objectives take */
  readonly samples?: number | undefined;
  /** Requests under way at once while throughput is measured; 0 leaves it out. @default 16 */
  readonly inFlight?: number | undefined;
  /** Requests while throughput is measured. @default 20 for each in flight */
  readonly requests?: number | undefined;
  /** How often a session is opened and closed. @default 3 */
  readonly sessions?: number | undefined;
  /** Reads the counters of the cache of the server: asked before and after the warm reads. */
  readonly cacheCounters?: ((client: McpClient) => PromiseLike<CacheCounters>) | undefined;
  /** A fast tool, called again and again while a slow one is under way. */
  readonly beside?: { readonly slow: ToolCall; readonly fast: ToolCall } | undefined;
}

export const subjectOptions: readonly string[] = [
  ...['server', 'target', 'path', 'era', 'timeout', 'tools', 'resources', 'prompts', 'samples', 'inFlight', 'requests'],
  ...['sessions', 'cacheCounters', 'beside'],
];

/** @throws PerfError `bad-option`, exit code 2. In plain JavaScript nothing else looks at what was written. */
export function verifySubject(subject: McpSubject): void {
  if (subject.target === undefined) serverOption(subject.server);
  else if (subject.server !== undefined) {
    throw badOption('server', subject.server, 'a server or a target, and not both', 'Leave one of them out.');
  }
  for (const [option, least] of [
    ['samples', 1],
    ['inFlight', 0],
    ['requests', 1],
    ['sessions', 1],
  ] as const) {
    const value = subject[option];
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) continue;
    throw badOption(option, value, `a whole number from ${least} upwards`, `Write ${option}: 20.`);
  }
  for (const option of ['tools', 'prompts'] as const) {
    const given = subject[option];
    if (given === undefined || (isObject(given) && Object.values(given).every(isObject))) continue;
    throw badOption(
      option,
      given,
      'an object with the arguments of each',
      `Write ${option}: { search: { query: 'a' } }.`,
    );
  }
  const { era, resources } = subject;
  if (era !== undefined && !['auto', '2025-11-25', '2026-07-28'].includes(era)) {
    throw badOption('era', era, "'auto', '2025-11-25' or '2026-07-28'", "Leave it out, or write era: '2026-07-28'.");
  }
  if (resources !== undefined && !(Array.isArray(resources) && resources.every((uri) => typeof uri === 'string'))) {
    throw badOption('resources', resources, 'a list of uris', "Write resources: ['file:///a.md'].");
  }
}

/** Where the server of this round is. */
export function serverOf({ server, path = '/mcp' }: McpSubject, target: RunningTarget | undefined): McpServer {
  return target === undefined ? serverOption(server) : { url: new URL(path, target.url).href };
}
