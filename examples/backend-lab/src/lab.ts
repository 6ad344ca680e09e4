import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startDatabase } from './database.ts';
import type { LabOptions } from './lab-options.ts';
import { createPool } from './pool.ts';
import { createReservations } from './reservations.ts';
import { serveEvents, serveSockets } from './subscriptions.ts';
import { createTopics } from './topics.ts';
import { BadRequest, createWork } from './work.ts';

interface Request {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

type Answer = string | Buffer | object | undefined;
/** `undefined` says that it answers by itself. */
type Route = (request: Request) => Answer | Promise<Answer>;

/** A server that listens. */
export interface Lab {
  readonly url: string;
  close(): Promise<void>;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reservationRoutes(): Record<string, Route> {
  const reservations = createReservations();
  const indexOf = async (incoming: IncomingMessage): Promise<number> => Number(await readBody(incoming));
  return {
    'POST /reserve': async ({ incoming }) => reservations.reserve(await indexOf(incoming), 10),
    'POST /reserve-without-lock': async ({ incoming }) => reservations.reserveWithoutLock(await indexOf(incoming), 10),
    'GET /reserved': () => reservations.list(),
    'DELETE /reserved': () => {
      reservations.reset();
      return 'ok';
    },
  };
}

function respond(response: ServerResponse, status: number, answer: Exclude<Answer, undefined>): void {
  const plain = typeof answer === 'string' || Buffer.isBuffer(answer);
  const body = plain ? answer : JSON.stringify(answer);
  response.writeHead(status, {
    'content-type': plain ? 'text/plain' : 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function handle(routes: Record<string, Route>, incoming: IncomingMessage, response: ServerResponse) {
  const url = new URL(incoming.url ?? '/', 'http://lab');
  const route = routes[`${incoming.method} ${url.pathname}`];
  if (route === undefined) return respond(response, 404, 'nothing is here\n');
  const answer = await route({ incoming, response, query: url.searchParams });
  if (answer !== undefined) respond(response, 200, answer);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else respond(response, error instanceof BadRequest ? 400 : 500, `${(error as Error).message}\n`);
}

function listenOn(routes: Record<string, Route>): Server {
  // A server that closes kept connections under load would show that, and nothing else.
  return createServer({ keepAliveTimeout: 65_000, noDelay: true }, (incoming, response) => {
    // Connections that break are the business of whoever broke them.
    response.on('error', () => response.destroy());
    handle(routes, incoming, response).catch((error: unknown) => fail(response, error));
  });
}

/** Starts the programmable backend on a port of 127.0.0.1. */
export async function startLab(options: LabOptions, port = 0): Promise<Lab> {
  const database = await startDatabase();
  const pool = createPool(database.port, options.pool);
  const topics = createTopics();
  const work = createWork(options);
  const server = listenOn({
    'GET /health': () => 'ok',
    'GET /work': ({ query }) => work(query),
    'POST /work': async ({ incoming, query }) => {
      const { byteLength } = await readBody(incoming);
      await work(query);
      return `${byteLength} bytes`;
    },
    'GET /query': async () => {
      await pool.query(options.queryMs);
      return 'ok';
    },
    'GET /events': ({ response, query }) => serveEvents(response, query, topics),
    'POST /publish': async ({ incoming, query }) => ({
      delivered: topics.publish(query.get('topic') ?? '', (await readBody(incoming)).toString()),
    }),
    ...reservationRoutes(),
  });
  const sockets = serveSockets(server, topics);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      pool.close();
      database.close();
      await once(server, 'close');
    },
  };
}
