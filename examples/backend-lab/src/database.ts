import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Something slow behind a socket. */
export interface Database {
  readonly port: number;
  /** Connections that are open. */
  readonly connections: number;
  close(): void;
}

/** A query is a number of milliseconds, and is answered after that time. One at a time on each connection. */
function serve(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.on('data', (query) => {
    setTimeout(() => {
      if (!socket.destroyed) socket.write('ok\n');
    }, Number(query));
  });
}

/** What runs in parallel there is decided by the number of connections, as with real databases. */
export async function startDatabase(): Promise<Database> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return sockets.size;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
