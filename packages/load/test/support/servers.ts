import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { fileURLToPath } from 'node:url';

/** A real server on a free port of 127.0.0.1. */
export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

async function listening(server: net.Server, sockets: Set<net.Socket>): Promise<TestServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function track(server: net.Server): Set<net.Socket> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

export function serveHttp(handler: http.RequestListener): Promise<TestServer> {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, handler);
  return listening(server, track(server));
}

/** `onRequest` is called at the end of the head of each request; requests have no bodies here. */
export function serveRaw(onRequest: (socket: net.Socket, index: number) => void): Promise<TestServer> {
  let index = 0;
  const server = net.createServer((socket) => {
    let head = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      for (let end = head.indexOf('\r\n\r\n'); end >= 0; end = head.indexOf('\r\n\r\n')) {
        head = head.slice(end + 4);
        onRequest(socket, index++);
      }
    });
  });
  return listening(server, track(server));
}

export const okAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** An address where nothing listens: the port was free a moment ago. */
export async function refusingUrl(): Promise<string> {
  const server = await serveHttp(() => {});
  await server.close();
  return server.url;
}

/** A server of this folder in a process of its own, which prints its port. */
export async function startScript(
  name: string,
  args: readonly number[] = [],
  flags: readonly string[] = [],
): Promise<TestServer> {
  const script = fileURLToPath(new URL(`./${name}`, import.meta.url));
  const child = spawn(process.execPath, [...flags, script, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${Number(line.toString())}`,
    async close() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** A server in a process of its own that stops altogether, once, some time after its first request. */
export const startStallingServer = (stallAfterMs: number, stallMs: number): Promise<TestServer> =>
  startScript('stalling-server.mjs', [stallAfterMs, stallMs]);
