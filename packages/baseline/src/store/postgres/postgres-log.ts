import type { Pool, PoolClient } from 'pg';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { requireObjectKey } from '../object-key.ts';
import type { ObjectLog } from '../object-log.ts';
import { loadPeer } from '../optional-peer.ts';
import { systemCode } from '../store-error.ts';
import { migrate } from './migrations.ts';

export interface PostgresLogOptions {
  /** The schema of the tables: one for each set of runs that have nothing to do with each other. @default 'perfkeel' */
  readonly schema?: string | undefined;
  /** How long to wait for a connection. @default 10 s */
  readonly timeoutMs?: number | undefined;
  /** How long to wait for an answer. @default 60 s */
  readonly answerTimeoutMs?: number | undefined;
}

/** Connections of one process; runs are large, so a few saturate it. */
const connections = 4;

/**
 * Records in PostgreSQL: history for teams and dashboards. Makes its tables in a schema of their own; needs the package
 * `pg`, which is loaded at the first call. Values travel as parameters only.
 *
 * @param url `postgres://user:password@host/database`
 */
export function postgresLog(url: string, options: PostgresLogOptions = {}): ObjectLog {
  const { schema = 'perfkeel', timeoutMs = 10_000, answerTimeoutMs = 60_000 } = options;
  const shown = shownUrl(url);
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema)) {
    throw usageError(`${JSON.stringify(schema)} cannot be the name of a schema`, {
      code: 'bad-store',
      hint: 'Write small letters, digits and "_".',
    });
  }
  let opened: Promise<Pool> | undefined;
  const pool = (): Promise<Pool> => (opened ??= open(url, schema, { timeoutMs, answerTimeoutMs }).catch(forget));
  const forget = (error: unknown): never => {
    opened = undefined;
    throw error;
  };

  const query = async <Row>(verb: Verb, sql: string, values: readonly unknown[]): Promise<readonly Row[]> => {
    try {
      return (await (await pool()).query(sql, [...values])).rows as Row[];
    } catch (error) {
      throw failure(verb, shown, error);
    }
  };

  return {
    place: (key) => `${shown} ${schema}.record ${key}`,
    async put(key, bytes) {
      requireObjectKey(key);
      const sql = `insert into ${schema}.record (key, content) values ($1, $2) on conflict do nothing returning key`;
      return (await query('write', sql, [key, Buffer.from(bytes)])).length === 1 ? 'created' : 'exists';
    },
    async get(key) {
      requireObjectKey(key);
      const sql = `select content from ${schema}.record where key = $1`;
      const [row] = await query<{ content: Buffer }>('read', sql, [key]);
      return row && new Uint8Array(row.content);
    },
    async list(prefix) {
      const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
      const sql = `select key from ${schema}.record where starts_with(key, $1) order by key`;
      return (await query<{ key: string }>('read', sql, [start])).map(({ key }) => key);
    },
    async setAside(key) {
      const sql = `with gone as (delete from ${schema}.record where key = $1 returning key, content)
        insert into ${schema}.set_aside (key, content) select key, content from gone returning id`;
      const [row] = await query<{ id: string }>('write', sql, [key]);
      return row && `${shown} ${schema}.set_aside ${row.id}`;
    },
    async remove(key) {
      requireObjectKey(key);
      return (await query('write', `delete from ${schema}.record where key = $1 returning key`, [key])).length === 1;
    },
    async close() {
      const ending = opened;
      opened = undefined;
      await (await ending)?.end();
    },
  };
}

type Verb = 'read' | 'write';

async function open(
  url: string,
  schema: string,
  { timeoutMs, answerTimeoutMs }: Required<Pick<PostgresLogOptions, 'timeoutMs' | 'answerTimeoutMs'>>,
): Promise<Pool> {
  const { default: pg } = await loadPeer('pg', () => import('pg'));
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    // A server that hangs must not hang a measurement.
    query_timeout: answerTimeoutMs,
    // A command that is done ends, whether or not it said goodbye.
    allowExitOnIdle: true,
    application_name: 'perfkeel',
  });
  // A connection that breaks while it is idle is opened again by the next query.
  pool.on('error', () => undefined);
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    await migrate(client, schema);
    return pool;
  } catch (error) {
    client?.release();
    client = undefined;
    await pool.end();
    throw error;
  } finally {
    client?.release();
  }
}

/** An address without its password, for messages. */
function shownUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (/^postgres(ql)?:$/.test(protocol)) return `${protocol}//${host}${pathname}`;
  } catch {
    // Told below, without the text: it may hold a password.
  }
  throw usageError('the address of a PostgreSQL store does not begin with postgres://', {
    code: 'bad-store',
    hint: 'Write postgres://user@host/database, and let PGPASSWORD hold the password.',
  });
}

function remedy(code: string): string {
  if (/^(28|3D)/.test(code)) return 'Correct user, password (PGPASSWORD) and database.';
  if (code === '42501') return 'Grant the user the right to create the schema once, or to use its tables.';
  if (/^53/.test(code)) return 'The server is out of space, memory or connections: look there.';
  return 'Look whether the server runs and can be reached from here.';
}

function failure(verb: Verb, shown: string, error: unknown): PerfError {
  if (error instanceof PerfError) return error;
  return new PerfError(`cannot ${verb} the records in ${shown}: ${messageOf(error)}`, {
    code: verb === 'read' ? 'store-not-readable' : 'store-not-writable',
    hint: remedy(systemCode(error) ?? ''),
    cause: error,
  });
}
