import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createClient } from 'redis';
import { afterEach, describe, expect, it } from 'vitest';
import { redisCache } from '../api/cache.ts';
import { redisProgram, startRedis, type Redis } from './redis.ts';

const program = redisProgram(process.env);
if (program === undefined) {
  console.warn(
    'redis.test.ts: no redis-server, valkey-server or keydb-server on PATH; what needs a real one is left out',
  );
}

let redis: Redis | undefined;
afterEach(() => redis?.stop());

describe.runIf(program !== undefined)('a real Redis', () => {
  it('is started, keeps the entries of two starts apart, and forgets them in time', async () => {
    redis = (await startRedis({ PATH: process.env['PATH'] }))!;
    expect(redis.from).toBe(program);
    const [one, other] = [await redisCache(redis.url, 'one:'), await redisCache(redis.url, 'other:')];
    await one.set('key', 'kept');
    expect([await one.get('key'), await other.get('key')]).toEqual(['kept', undefined]);
    const client = createClient({ url: redis.url });
    await client.connect();
    const lifetime = await client.pTTL('one:key');
    client.destroy();
    expect(lifetime).toBeGreaterThan(20_000);
    expect(lifetime).toBeLessThanOrEqual(30_000);
    await one.delete('key');
    expect(await one.get('key')).toBe(undefined);
    await one.close();
    await other.close();
  });

  it('that goes away makes misses, and no failures', async () => {
    redis = (await startRedis({ PATH: process.env['PATH'] }))!;
    const cache = await redisCache(redis.url, '');
    await cache.set('key', 'kept');
    await redis.stop();
    expect(await cache.get('key')).toBe(undefined);
    await cache.set('key', 'again');
    await cache.close();
    await expect(redisCache(redis.url, '')).rejects.toThrow('ECONNREFUSED');
  });
});

it('waits two seconds, and no longer, for a server that takes the connection and says nothing', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  await expect(redisCache(`redis://127.0.0.1:${port}`, '')).rejects.toThrow('it does not answer');
  for (const socket of sockets) socket.destroy();
  silent.close();
});

describe('startRedis', () => {
  it('takes REDIS_URL as it is, and starts nothing where there is no program', async () => {
    const named = await startRedis({ REDIS_URL: 'redis://127.0.0.1:1', PATH: process.env['PATH'] });
    expect([named!.url, named!.from]).toEqual(['redis://127.0.0.1:1', 'REDIS_URL']);
    expect(await startRedis({ PATH: '' })).toBe(undefined);
  });
});
