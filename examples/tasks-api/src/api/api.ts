import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../services/services.ts';
import { unreachable } from '../services/unreachable.ts';
import { inProcessCache, noCache, redisCache, type Cache } from './cache.ts';
import { openDatabase } from './database.ts';
import { commitFaults } from './faults.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { ApiOptions } from './options.ts';
import { ask, respond, type Routes } from './router.ts';
import { createRoutes } from './routes.ts';
import { createSchema, type OwnSchema } from './schema.ts';

export const apiVersion = '1.0.0';

/** A server that listens. */
export interface Api {
  readonly url: string;
  /** What it says of itself at `/health`. */
  readonly about: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

async function openCache({ cache }: ApiOptions, { redis }: Pick<Services, 'redis'>, prefix: string): Promise<Cache> {
  if (!cache) return noCache;
  if (redis === undefined) return inProcessCache();
  return redisCache(redis.url, prefix).catch((error: unknown) => {
    throw redis.from === 'REDIS_URL' ? unreachable('REDIS_URL', redis.url, error) : error;
  });
}

function listenerOf(routes: Routes, options: ApiOptions, metrics: Metrics) {
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const done = metrics.requests.startTimer();
    const isWork = incoming.url !== '/metrics' && incoming.url !== '/health';
    if (isWork) commitFaults(options);
    const { key, ...answer } = await ask(routes, incoming);
    const status = respond(response, answer);
    if (isWork) done({ method: incoming.method ?? '', route: key.replace(/^\w+ /, ''), status });
  };
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    // Connections that break are the business of whoever broke them.
    response.on('error', () => response.destroy());
    handle(incoming, response).catch(() => response.destroy());
  };
}

type Surroundings = Pick<Services, 'databaseUrl' | 'databaseFrom' | 'redis'>;

/** Starts the API over a database and perhaps a Redis, on 127.0.0.1. */
export async function startApi(services: Surroundings, options: ApiOptions): Promise<Api> {
  const schema = await createSchema(services.databaseUrl);
  try {
    return await serve(schema, services, options);
  } catch (error) {
    await schema.drop().catch(() => undefined);
    throw error;
  }
}

/** @throws Error that names the port when somebody else has it */
async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`PORT is ${port}, where something else listens: end it, or leave PORT out`, { cause: error });
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(schema: OwnSchema, services: Surroundings, options: ApiOptions): Promise<Api> {
  const metrics = createMetrics();
  const cache = await openCache(options, services, `${schema.name}:`);
  const database = openDatabase(services.databaseUrl, schema.name, options, metrics);
  const about = {
    version: apiVersion,
    node: process.version,
    postgres: schema.serverVersion,
    postgresFrom: services.databaseFrom,
    cache: cache.backend,
    reserveMode: options.reserveMode,
  };
  const routes = createRoutes({ database, cache, metrics, options, about });
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, listenerOf(routes, options, metrics));
  // A query that hangs must not keep everything else.
  const letGo = async (): Promise<void> => {
    await Promise.race([Promise.all([database.close(), cache.close()]), sleep(2000, undefined, { ref: false })]);
  };
  const url = await listen(server, options.port).catch(async (error: unknown) => {
    await letGo();
    throw error;
  });
  return {
    url,
    about,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await letGo();
      // A database of our own is gone in a moment.
      if (services.databaseFrom === 'DATABASE_URL') await schema.drop().catch(() => undefined);
    },
  };
}
