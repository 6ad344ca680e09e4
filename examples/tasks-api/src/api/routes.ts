import type { Cache } from './cache.ts';
import type { Database } from './database.ts';
import { BadRequest, NotFound } from './http-error.ts';
import type { Metrics } from './metrics.ts';
import type { ApiOptions } from './options.ts';
import { createReadThrough, type CachedText } from './read-through.ts';
import { listReservations, reserve } from './reservations.ts';
import type { Answer, Routes } from './router.ts';
import { checkedStatus, createTasks } from './tasks.ts';

/** What all routes share. */
export interface Parts {
  readonly database: Database;
  readonly cache: Cache;
  readonly metrics: Metrics;
  readonly options: ApiOptions;
  /** What `/health` says. */
  readonly about: Readonly<Record<string, string>>;
}

function wholeNumber(what: string, value: unknown, least: number, most: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  throw new BadRequest(`${what} is ${JSON.stringify(value)}, expected a whole number from ${least} to ${most}`);
}

/** Who reads it knows where it came from. */
const cached = ({ text, cache }: CachedText): Answer => ({ text, headers: { 'x-cache': cache } });

function taskRoutes({ database, cache, metrics }: Parts): Routes {
  const tasks = createTasks(database);
  const readThrough = createReadThrough(cache, metrics);
  const keyOf = (id: number): string => `task:${id}`;
  return {
    'GET /tasks': async ({ query }) => {
      const limit = wholeNumber('limit', Number(query.get('limit') ?? 20), 1, 100);
      return { body: await tasks.list(checkedStatus(query.get('status') ?? 'pending'), limit) };
    },
    'POST /tasks': async ({ body }) => {
      const { title, priority = 3 } = await body();
      if (typeof title !== 'string' || title === '' || title.length > 200) throw new BadRequest('a task needs a title');
      return { status: 201, body: await tasks.create(title, wholeNumber('priority', priority, 1, 5)) };
    },
    'GET /tasks/next': async () => ({ body: await tasks.next() }),
    'GET /tasks/:id': async ({ id }) => cached(await readThrough(keyOf(id), () => tasks.find(id))),
    'PUT /tasks/:id/status': async ({ id, body }) => {
      const task = await tasks.setStatus(id, checkedStatus((await body())['status']));
      await cache.delete(keyOf(id));
      return { body: task };
    },
    'DELETE /tasks/:id': async ({ id }) => {
      await tasks.remove(id);
      await cache.delete(keyOf(id));
      return {};
    },
  };
}

function reservationRoutes({ database, metrics, options }: Parts): Routes {
  return {
    'POST /reservations': async ({ query, body }) => {
      const { type, count = 10, by = 0 } = await body();
      if (typeof type !== 'string') throw new BadRequest('a reservation needs a type');
      if (query.has('broken') && !options.allowBroken) throw new BadRequest('this server makes no broken reservations');
      const wanted = {
        type,
        count: wholeNumber('count', count, 1, 1000),
        by: wholeNumber('by', by, 0, 2 ** 31 - 1),
      };
      const mode = query.has('broken') ? 'broken' : options.reserveMode;
      return { status: 201, body: await reserve(database, mode, wanted, () => metrics.serializationRetries.inc()) };
    },
    'GET /reservations': async ({ query }) => ({ body: await listReservations(database, query.get('type') ?? '') }),
  };
}

function registryRoutes({ database, cache, metrics }: Parts): Routes {
  const readThrough = createReadThrough(cache, metrics);
  const find = async (id: number): Promise<object> => {
    const text = 'select artifact_type as type, first_id, last_id from id_registry where id = $1';
    const [row] = await database.query<object>('find-entry', text, [id]);
    if (row === undefined) throw new NotFound(`there is no entry ${id}`);
    return row;
  };
  // Entries never change, so nothing has to be taken out of the cache.
  return { 'GET /registry/:id': async ({ id }) => cached(await readThrough(`entry:${id}`, () => find(id))) };
}

export function createRoutes(parts: Parts): Routes {
  const { metrics, about } = parts;
  return {
    'GET /health': () => ({ body: { ok: true, ...about } }),
    'GET /metrics': async () => ({
      text: await metrics.registry.metrics(),
      headers: { 'content-type': metrics.registry.contentType },
    }),
    ...taskRoutes(parts),
    ...reservationRoutes(parts),
    ...registryRoutes(parts),
  };
}
