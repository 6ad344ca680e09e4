import { validateHeaderName, validateHeaderValue } from 'node:http';
import { badOption, isObject, withoutCredentials } from '@perfkeel/core';

/** A server that is started for the measurement, and spoken with over its stdin and stdout. */
export interface StdioServer {
  /** The program and its arguments; no shell. `node` means the Node that runs this. */
  readonly command: readonly string[];
  /** @default the current folder */
  readonly cwd?: string | undefined;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A server that runs already, and answers at a url over streamable HTTP. */
export interface HttpServer {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type McpServer = StdioServer | HttpServer;

export const isStdio = (server: McpServer): server is StdioServer => 'command' in server;

/** How a report calls it; a url without what stands behind `?`, which may hold a key. */
export const serverName = (server: McpServer): string =>
  isStdio(server) ? server.command.join(' ') : withoutCredentials(server.url.replace(/[?#].*$/, ''));

const example = "Write server: { command: ['node', 'server.js'] } or server: { url: 'http://127.0.0.1:3000/mcp' }.";

/** @throws PerfError `bad-option`, exit code 2, unless `value` describes a server. */
export function serverOption(value: unknown): McpServer {
  const server = value as Partial<StdioServer & HttpServer> | null | undefined;
  if (typeof server !== 'object' || server === null) throw badOption('server', value, 'a server', example);
  const { command, url } = server;
  if ((command === undefined) === (url === undefined)) {
    throw badOption('server', value, 'a command or a url, and not both', example);
  }
  if (command !== undefined) {
    const words: unknown = command;
    const good =
      Array.isArray(words) && words.length > 0 && words.every((w) => typeof w === 'string') && words[0] !== '';
    if (!good) throw badOption('command', command, 'a list of words', "Write command: ['node', 'server.js'].");
    return server as StdioServer;
  }
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const shown = typeof url === 'string' ? withoutCredentials(url) : url;
    throw badOption('url', shown, 'a url that begins with http:// or https://', example);
  }
  verifyHeaders(server.headers);
  return server as HttpServer;
}

/** Their values are not shown: they may be secrets. */
function verifyHeaders(headers: unknown): void {
  if (headers === undefined) return;
  const example = "Write headers: { authorization: 'Bearer …' }.";
  if (!isObject(headers)) throw badOption('headers', headers, 'an object of names and values', example);
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    } catch {
      const hint = 'Use printable ASCII without line breaks.';
      throw badOption('headers', { [name]: value }, 'names and values that HTTP can send', hint);
    }
  }
}
