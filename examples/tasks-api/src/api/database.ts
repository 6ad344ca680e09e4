import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { watchPool, type Metrics } from './metrics.ts';
import { queryFaults, type QueryFaults } from './faults.ts';
import type { ApiOptions } from './options.ts';

/** Runs one query and returns its rows. `name` is its label in the metrics. */
export type Query = <Row extends object>(name: string, text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** A pool of connections that tells what it does. */
export interface Database {
  /** One query on any connection. */
  readonly query: Query;
  /** Several on one connection, such as those of a transaction. */
  use<T>(work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Faults = Pick<ApiOptions, 'poolSize' | 'poolOverflow' | keyof QueryFaults>;

/** @param schema in which all tables are looked for */
export function openDatabase(url: string, schema: string, options: Faults, metrics: Metrics): Database {
  const max = options.poolSize + options.poolOverflow;
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${schema}`,
    max,
    min: options.poolSize,
    idleTimeoutMillis: 1000,
  });
  // A database that goes away must not take the API with it: the pool tells it of connections that are idle, and each
  // connection of itself. A query on it fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  watchPool(metrics, pool, max);
  const slownessOf = queryFaults(options);

  const queryOn =
    (client: pg.PoolClient, onBroken: (error: Error) => void): Query =>
    async (name, text, values = []) => {
      const done = metrics.queries.startTimer({ query: name });
      try {
        const slowMs = slownessOf();
        if (slowMs > 0) await client.query('select pg_sleep($1)', [slowMs / 1000]);
        const prepared = values.length > 0 ? { name, text, values: [...values] } : text;
        return (await client.query(prepared)).rows as never;
      } catch (error) {
        // Not PostgreSQL has refused it: nobody knows what state the connection is in.
        if (!(error instanceof pg.DatabaseError)) onBroken(error as Error);
        throw error;
      } finally {
        done();
      }
    };

  const use = async <T>(work: (query: Query) => Promise<T>): Promise<T> => {
    const asked = performance.now();
    const client = await pool.connect();
    metrics.poolWait.observe((performance.now() - asked) / 1000);
    let broken: Error | undefined;
    try {
      return await work(queryOn(client, (error) => (broken = error)));
    } finally {
      client.release(broken);
    }
  };

  return { use, query: (name, text, values) => use((query) => query(name, text, values)), close: () => pool.end() };
}
