import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createServer } from './create-server.ts';
import type { Shared } from './shared.ts';

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Streamable HTTP with sessions, on this machine only. */
export function serveHttp(shared: Shared, port: number): Promise<Served> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createHttpServer((request, response) => void handle(request, response, sessions, shared));
  return new Promise((resolve) => {
    http.listen(port, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
        close: () =>
          new Promise((closed) => {
            http.close(() => closed());
            http.closeAllConnections();
          }),
      }),
    );
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Map<string, StreamableHTTPServerTransport>,
  shared: Shared,
): Promise<void> {
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (id !== undefined && known === undefined) {
    response.writeHead(404).end();
    return;
  }
  await (known ?? (await openSession(sessions, shared))).handleRequest(request, response);
}

async function openSession(
  sessions: Map<string, StreamableHTTPServerTransport>,
  shared: Shared,
): Promise<StreamableHTTPServerTransport> {
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    enableJsonResponse: true,
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await createServer(shared).connect(transport);
  return transport;
}
