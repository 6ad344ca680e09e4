import { PerfError, messageOf, isObject } from '@perfkeel/core';
import { presenterOf } from '../present.ts';
import { isStdio, serverName, type McpServer } from '../server.ts';
import { McpClient, type McpEra } from './mcp-client.ts';
import type { AnswerLimit } from './answer-limit.ts';
import { boundedFetch, type AnswerBound } from './bounded-fetch.ts';
import { loadSdk, type SdkModules, type SdkTransport } from './sdk-peer.ts';
import { ThroughSdk, type SdkCacheMode } from './sdk-transport.ts';

export interface SdkOptions {
  readonly era: McpEra | 'auto';
  readonly timeoutMs: number;
  readonly cacheMode?: SdkCacheMode;
  readonly limit: AnswerLimit;
}

const modes = { auto: 'auto', '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;

/** @throws PerfError `missing-peer`, `mcp-unreachable` */
export async function connectSdk(server: McpServer, options: SdkOptions): Promise<McpClient> {
  const present = presenterOf(server);
  const { timeoutMs, era, limit, cacheMode = 'bypass' } = options;
  const sdk = await loadSdk();
  const client = new sdk.Client(
    { name: 'perfkeel', version: '1' },
    { versionNegotiation: { mode: modes[era], probe: { timeoutMs } } },
  );
  const bound = { bytes: limit.bytes, onTooLong: (id: number | undefined): void => transport.cut(id) };
  const transport = new ThroughSdk(client, transportTo(server, sdk, bound), { timeoutMs, cacheMode, limit });
  try {
    await transport.connect(timeoutMs);
  } catch (error) {
    await transport.close();
    const why = `cannot be reached through the official client: ${messageOf(error)}`;
    throw new PerfError(present(`${serverName(server)} ${why}`), {
      code: 'mcp-unreachable',
      hint: "Leave client: 'sdk' out to see whether our own client reaches it.",
      cause: error,
    });
  }
  const { name, version } = client.getServerVersion() ?? {};
  const protocolVersion = client.getNegotiatedProtocolVersion() ?? '2025-11-25';
  const capabilities = client.getServerCapabilities();
  const greeting = {
    // Versions are dates, and sort as text.
    era: protocolVersion >= '2026-07-28' ? ('2026-07-28' as const) : ('2025-11-25' as const),
    protocolVersion,
    name: typeof name === 'string' ? name : 'unnamed server',
    version: typeof version === 'string' ? version : 'unknown',
    instructions: client.getInstructions(),
    capabilities: isObject(capabilities) ? capabilities : {},
  };
  return new McpClient(transport, greeting, { timeoutMs, present, last: 2 });
}

/** What is read of a pipe at once may hold more than the message that it ends. */
const pipeBytes = 65_536;

function transportTo(server: McpServer, sdk: SdkModules, bound: AnswerBound): SdkTransport {
  if (!isStdio(server)) {
    return new sdk.StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers ?? {} },
      fetch: boundedFetch(bound),
    });
  }
  const [program, ...args] = server.command;
  const command = program === 'node' ? process.execPath : program;
  const env = { ...process.env, ...server.env };
  const maxBufferSize = bound.bytes + pipeBytes;
  return new sdk.StdioClientTransport({ command, args, cwd: server.cwd, env, stderr: 'ignore', maxBufferSize });
}
