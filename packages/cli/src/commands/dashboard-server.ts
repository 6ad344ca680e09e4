import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PerfError, messageOf, usageError } from '@perfkeel/core';

export interface SiteServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Shows the files of a site to this computer alone, at 127.0.0.1: those that are named, and nothing else of the folder.
 *
 * @param port 0 for one that is free
 * @throws PerfError `port-in-use`, exit code 2
 */
export async function serveSite(folder: string, paths: ReadonlySet<string>, port: number): Promise<SiteServer> {
  const server = createServer((request, response) => void answer(request, response, folder, paths));
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(port, error);
  }
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function cannotListen(port: number, cause: unknown): PerfError {
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
    return new PerfError(`cannot listen at port ${port}: ${messageOf(cause)}`, { code: 'cannot-listen', cause });
  }
  const hint = 'Leave out --port for one that is free.';
  return usageError(`port ${port} of 127.0.0.1 is in use`, { code: 'port-in-use', hint });
}

const types: Readonly<Record<string, string>> = { html: 'text/html', xml: 'application/atom+xml' };

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  folder: string,
  paths: ReadonlySet<string>,
): Promise<void> {
  const path = pathOf(url);
  // A page elsewhere whose name was turned to this address must not read along.
  const local = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(headers.host ?? '');
  if (!local || (method !== 'GET' && method !== 'HEAD')) return refuse(response, local ? 405 : 403);
  const body =
    path !== undefined && paths.has(path) ? await readFile(join(folder, path)).catch(() => undefined) : undefined;
  if (path === undefined || body === undefined) return refuse(response, 404);
  response.writeHead(200, {
    'content-type': `${types[path.split('.').at(-1)!]}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "frame-ancestors 'none'",
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** The path of a file of the site, as it is written there. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, '')).replace(/^\//, '');
    return path === '' ? 'index.html' : path;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(`${status}\n`);
}
