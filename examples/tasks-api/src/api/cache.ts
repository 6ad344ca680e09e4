import { setTimeout as sleep } from 'node:timers/promises';

/** Texts by key, for some time. A cache that fails answers nothing, and never fails its user. */
export interface Cache {
  readonly backend: 'redis' | 'in-process' | 'off';
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

const lifetimeMs = 30_000;
const mostEntries = 2000;
/** How long a connection may take. */
const patienceMs = 2000;

const nothing = (): Promise<undefined> => Promise.resolve(undefined);

/** No cache: a fault to look for. */
export const noCache: Cache = { backend: 'off', get: nothing, set: nothing, delete: nothing, close: nothing };

/** The least recently used entry leaves when there are too many. Each process has its own. */
export function inProcessCache(now = Date.now): Cache {
  const entries = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    backend: 'in-process',
    get(key) {
      const entry = entries.get(key);
      entries.delete(key);
      if (entry === undefined || entry.until <= now()) return nothing();
      entries.set(key, entry);
      return Promise.resolve(entry.value);
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + lifetimeMs });
      if (entries.size > mostEntries) entries.delete(entries.keys().next().value!);
      return nothing();
    },
    delete(key) {
      entries.delete(key);
      return nothing();
    },
    close: nothing,
  };
}

/**
 * A cache that others may share.
 *
 * @param prefix keeps the keys of two starts on one server apart
 * @throws Error when nothing answers there
 */
export async function redisCache(url: string, prefix: string): Promise<Cache> {
  // Loaded only where there is a Redis: it is larger than everything else here together.
  const { createClient } = await import('redis');
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: patienceMs } });
  client.on('error', () => undefined);
  // A server that takes the connection and then says nothing would be waited for without an end.
  const late = sleep(patienceMs, 'late', { ref: false });
  if ((await Promise.race([client.connect(), late])) === 'late') {
    client.destroy();
    throw new Error('it does not answer');
  }
  const quietly = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);
  return {
    backend: 'redis',
    get: async (key) => (await quietly(client.get(prefix + key))) ?? undefined,
    set: async (key, value) =>
      void (await quietly(client.set(prefix + key, value, { expiration: { type: 'PX', value: lifetimeMs } }))),
    delete: async (key) => void (await quietly(client.del(prefix + key))),
    close: () => Promise.resolve(client.destroy()),
  };
}
