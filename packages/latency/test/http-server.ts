import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { certificate, key } from './tls.ts';

/** A server of one test, and what it has seen. */
export interface TestServer {
  readonly url: string;
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
}

function watched(server: Server, secure: boolean): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http${secure ? 's' : ''}://127.0.0.1:${port}`,
        get connections() {
          return connections;
        },
        get open() {
          return sockets.size;
        },
      });
    });
  });
}

export const httpServer = (answer: RequestListener): Promise<TestServer> => watched(createServer(answer), false);

export const httpsServer = (answer: RequestListener): Promise<TestServer> =>
  watched(createSecureServer({ key, cert: certificate }, answer), true);

/** Any other server on a socket. */
export const rawServer = (server: Server): Promise<TestServer> => watched(server, false);
