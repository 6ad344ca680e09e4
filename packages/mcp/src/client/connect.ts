import { setTimeout as sleep } from 'node:timers/promises';
import {
  PerfError,
  parseDuration,
  msFromNanos,
  isObject,
  type DurationText,
  type JsonObject,
  type SizeText,
} from '@perfkeel/core';
import { isStdio, serverName, serverOption, type McpServer } from '../server.ts';
import type { McpAnswer } from './answer.ts';
import { answerLimit } from './answer-limit.ts';
import { connectSdk } from './connect-sdk.ts';
import { HttpTransport } from './http-transport.ts';
import { presenterOf } from '../present.ts';
import { McpClient, within, type Waiting, type McpEra, type McpGreeting } from './mcp-client.ts';
import type { Outgoing } from './message.ts';
import { StdioTransport } from './stdio-transport.ts';

export interface ConnectOptions {
  /** `auto` asks with `initialize` first, and with `server/discover` when that is refused. @default 'auto' */
  readonly era?: McpEra | 'auto' | undefined;
  /** For one request. @default '30s' */
  readonly timeout?: DurationText | undefined;
  /**
   * `own` adds as little as possible. `sdk` is the official client with its cache bypassed, as hosts use it: an optional
   * package, `@modelcontextprotocol/client`. @default 'own'
   */
  readonly client?: 'own' | 'sdk' | undefined;
  /**
   * Of one answer in bytes. A longer one counts as a transport failure `too-long`, and is not kept; over pipes the official
   * client ends the server that sends it. @default '64MiB'
   */
  readonly maxAnswer?: SizeText | undefined;
}

const clientInfo = { name: 'perfkeel', version: '1' };
const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params } as const;
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
};
const discover = { jsonrpc: '2.0', id: 2, method: 'server/discover', params: { _meta: meta } } as const;

/**
 * Starts or reaches a server, and agrees with it on a version.
 *
 * @throws PerfError `mcp-refused` when it answers but refuses, `mcp-unreachable` when it does not answer, `missing-peer`
 * without the package of `client: 'sdk'`
 * @example
 * const client = await connectMcp({ command: ['node', 'server.js'] });
 * const answer = await client.callTool('echo', { message: 'hello' });
 * await client.close();
 */
export async function connectMcp(server: McpServer, options: ConnectOptions = {}): Promise<McpClient> {
  const timeoutMs = msFromNanos(parseDuration(options.timeout ?? '30s'));
  const place = serverOption(server);
  const limit = answerLimit(options.maxAnswer);
  if (options.client === 'sdk') return connectSdk(place, { era: options.era ?? 'auto', timeoutMs, limit });
  const present = presenterOf(place);
  const transport = isStdio(place)
    ? new StdioTransport(place, limit, present)
    : new HttpTransport(place, limit, present);
  try {
    return await greet({ transport, timeoutMs, present }, options.era ?? 'auto', present(serverName(place)));
  } catch (error) {
    await transport.close();
    throw error;
  }
}

async function greet(waiting: Waiting, era: McpEra | 'auto', name: string): Promise<McpClient> {
  const { transport, timeoutMs, present } = waiting;
  const ask = (message: Outgoing & { readonly id: number }): Promise<McpAnswer> => {
    transport.wire.handshakes += 1;
    return within(waiting, message.id, transport.request(message));
  };
  const refusals: string[] = [];
  if (era !== '2026-07-28') {
    const answer = await ask(initialize);
    if (answer.result !== undefined) {
      const greeting = greetingOf('2025-11-25', answer.result);
      transport.agree({ protocolVersion: greeting.protocolVersion, stateless: false, opening: initialize });
      await taken(timeoutMs, transport.notify({ jsonrpc: '2.0', method: 'notifications/initialized' }), name);
      return new McpClient(transport, greeting, { timeoutMs, present, last: 2 });
    }
    if (isDead(answer)) throw unreachable(name, [String(answer.error?.message)]);
    refusals.push(`initialize: ${answer.error?.message}`);
  }
  if (era !== '2025-11-25') {
    transport.agree({ protocolVersion: '2026-07-28', stateless: true });
    const answer = await ask(discover);
    if (answer.result !== undefined) {
      return new McpClient(transport, greetingOf('2026-07-28', answer.result), { meta, timeoutMs, present, last: 2 });
    }
    refusals.push(`server/discover: ${answer.error?.message}`);
    if (isDead(answer)) throw unreachable(name, refusals);
  }
  throw new PerfError(`${name} refused to speak: ${refusals.join('; ')}`, {
    code: 'mcp-refused',
    hint: 'Is this the path of its MCP endpoint, often /mcp, and are the headers right?',
  });
}

/** Some servers never answer a message that wants no answer, which over HTTP is still a request. */
async function taken(timeoutMs: number, notified: Promise<void>, name: string): Promise<void> {
  const late = Symbol('late');
  const end = await Promise.race([notified, sleep(timeoutMs, late, { ref: false })]);
  if (end === late) throw unreachable(name, [`notifications/initialized: not taken within ${timeoutMs} ms`]);
}

/** A status of HTTP is a refusal, which another era may not meet. */
const isDead = ({ outcome, error }: McpAnswer): boolean =>
  outcome === 'transport-error' && !String(error?.code).startsWith('http-');

const unreachable = (name: string, refusals: readonly string[]): PerfError => {
  const why = refusals.join('; ');
  return new PerfError(`${name} does not answer as an MCP server: ${why}`, {
    code: 'mcp-unreachable',
    hint:
      hints.find(([words]) => words.test(why))?.[1] ??
      'Run it by itself: it has to wait for messages, and answer them.',
  });
};

const byItself = 'Run the command by itself: it has to wait for messages on stdin.';

/** What to do about it, by what happened; the first that fits. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/no such program/, 'Is it installed, and on the PATH? A package of npm is started by npx -y and its name.'],
  [/no folder/, 'Correct the option cwd.'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/, 'Is it running, at this host and port? A url has to be served already.'],
  [/which is no message/, `${byItself} Only messages may go to stdout. One that serves HTTP is measured by its url.`],
  [/it said:/, `${byItself} It may want arguments, or variables of the environment.`],
  [/exited|was ended/, `${byItself} It may not end before it is told to.`],
];

function greetingOf(era: McpEra, result: JsonObject): McpGreeting {
  const resultMeta = isObject(result['_meta']) ? result['_meta'] : {};
  const named = [result['serverInfo'], resultMeta['io.modelcontextprotocol/serverInfo']].find(isObject) ?? {};
  const { instructions, capabilities, protocolVersion } = result;
  return {
    era,
    protocolVersion: typeof protocolVersion === 'string' ? protocolVersion : era,
    name: typeof named['name'] === 'string' ? named['name'] : 'unnamed server',
    version: typeof named['version'] === 'string' ? named['version'] : 'unknown',
    instructions: typeof instructions === 'string' ? instructions : undefined,
    capabilities: isObject(capabilities) ? capabilities : {},
  };
}
