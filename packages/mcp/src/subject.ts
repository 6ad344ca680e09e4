import type { DurationText, RunningTarget, SizeText, TargetSpec, JsonObject } from '@perfkeel/core';
import type { McpClient, McpEra } from './client/mcp-client.ts';
import type { CancelOptions } from './probes/cancellation.ts';
import type { CapacityOptions } from './probes/capacity.ts';
import type { WriteAndReadBack } from './probes/lost-updates.ts';
import type { UpdateOptions } from './probes/updates.ts';
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
  /**
   * `sdk` measures through the official client, its cache bypassed: what a host sees, with the cost of that client in every
   * number. An optional package, `@modelcontextprotocol/client`. @default 'own'
   */
  readonly client?: 'own' | 'sdk' | undefined;
  /** For one request. @default '30s' */
  readonly timeout?: DurationText | undefined;
  /** Of one answer in bytes; a longer one is a transport failure, and is not kept. @default '64MiB' */
  readonly maxAnswer?: SizeText | undefined;
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
  /** The most answers per second that keep a p95, with more and more requests under way. */
  readonly capacity?: CapacityOptions | undefined;
  /** Writes at once that are read back: what was acknowledged has to be there. */
  readonly writeAndReadBack?: WriteAndReadBack | undefined;
  /** A call that is cancelled while it is under way. */
  readonly cancel?: CancelOptions | undefined;
  /** A resource that is changed, and whose notifications are awaited. */
  readonly updates?: UpdateOptions | undefined;
  /**
   * Calls during which the memory of the server is watched. 20 000 and more tell something: before, the heap of a healthy
   * server is still on its way to its size. Linux.
   */
  readonly growth?: number | undefined;
  /** Sessions that are opened, asked once and closed. */
  readonly churn?: number | undefined;
}

/** Where the server of this round is. */
export function serverOf({ server, path = '/mcp' }: McpSubject, target: RunningTarget | undefined): McpServer {
  return target === undefined ? serverOption(server) : { url: new URL(path, target.url).href };
}
