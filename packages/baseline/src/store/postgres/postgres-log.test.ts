import '../../../../../tools/test-support/pg-in-vitest.ts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres, startPostgres, type PostgresServer } from '../../../test/postgres-server.ts';
import { objectLogContract } from '../object-log-contract.ts';
import type { ObjectLog } from '../object-log.ts';
import { postgresLog } from './postgres-log.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bin = await findPostgres();
if (bin === undefined) console.warn('NOT TESTED: postgresLog, there is no PostgreSQL in /usr/lib/postgresql');

describe.skipIf(bin === undefined)('postgresLog', () => {
  let server: PostgresServer;
  const open: ObjectLog[] = [];
  let schemas = 0;
  const log = (schema = `test_${++schemas}`): ObjectLog => {
    const one = postgresLog(server.url, { schema });
    open.push(one);
    return one;
  };
  const ask = async (sql: string): Promise<unknown[]> => {
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows as unknown[];
  };

  beforeAll(async () => {
    server = await startPostgres(bin!);
  }, 60_000);
  afterAll(async () => {
    for (const each of open) await each.close?.();
    await server.stop();
  }, 30_000);

  it.each(objectLogContract)('$name', ({ run }) => run(() => Promise.resolve(log())));

  it('is made once by many who come first, and is read by all', async () => {
    const logs = Array.from({ length: 6 }, () => log('first'));
    await Promise.all(logs.map((each, i) => each.put(`objects/${i}`, bytes(`${i}`))));
    for (const each of logs) expect(await each.list('')).toHaveLength(6);
    expect(await ask('select version from first.migration')).toEqual([{ version: 1 }]);
  });

  it('takes what looks like SQL as content, and refuses it as a name', async () => {
    const attack = "'); drop schema attack cascade; --";
    const one = log('attack');
    await one.put('objects/one', bytes(attack));
    expect(new TextDecoder().decode(await one.get('objects/one'))).toBe(attack);
    expect(await one.list(attack)).toEqual([]);
    expect(await one.setAside(attack)).toBeUndefined();
    expect(() => postgresLog(server.url, { schema: 'a; drop table b' })).toThrow(/name of a schema/);
  });

  it('keeps what was set aside', async () => {
    const one = log('aside');
    await one.put('objects/bad', bytes('bad'));
    expect(await one.setAside('objects/bad')).toMatch(/aside\.set_aside 1$/);
    expect(await ask("select key, convert_from(content, 'UTF8') as text from aside.set_aside")).toEqual([
      { key: 'objects/bad', text: 'bad' },
    ]);
  });

  it('says that newer tables need a newer perfkeel', async () => {
    await log('newer').list('');
    await ask('insert into newer.migration (version) values (7)');
    await expect(log('newer').list('')).rejects.toMatchObject({ code: 'newer-store', exitCode: 4 });
  });

  it('says what is wrong with a server, without the password', async () => {
    const refused = postgresLog('postgres://me:secret@127.0.0.1:1/perf', { timeoutMs: 2000 });
    const reading = refused.get('a').catch((error: unknown) => error as Error & { code: string });
    expect(await reading).toMatchObject({ code: 'store-not-readable', exitCode: 4 });
    expect(((await reading) as Error).message).toMatch(/^(?!.*secret).*postgres:\/\/127\.0\.0\.1:1\/perf/);
    expect(() => postgresLog('mysql://me:secret@host/db')).toThrow(/^(?!.*secret)/);
    const missing = postgresLog(server.url.replace(/postgres$/, 'nothing'));
    await expect(missing.put('a', bytes('1'))).rejects.toMatchObject({
      code: 'store-not-writable',
      hint: expect.stringContaining('database') as string,
    });
  });

  it('does not wait for ever', async () => {
    await log('stuck').put('objects/one', bytes('1'));
    const holder = new pg.Client(server.url);
    await holder.connect();
    await holder.query('begin; lock table stuck.record in access exclusive mode');
    const waiting = postgresLog(server.url, { schema: 'stuck', answerTimeoutMs: 100 });
    open.push(waiting);
    await expect(waiting.list('')).rejects.toMatchObject({ code: 'store-not-readable', exitCode: 4 });
    await holder.end();
    // On a busy machine an answer may take 100 ms as well.
    await expect.poll(() => waiting.list('').catch(() => []), { timeout: 20_000 }).toEqual(['objects/one']);
  });

  it('goes on after connections broke', async () => {
    const one = log('broken');
    await one.put('objects/one', bytes('1'));
    const ours = "pg_stat_activity where application_name = 'perfkeel'";
    await ask(`select pg_terminate_backend(pid) from ${ours}`);
    await expect.poll(() => ask(`select pid from ${ours}`), { timeout: 20_000 }).toEqual([]);
    expect(await one.list('')).toEqual(['objects/one']);
  });
});
