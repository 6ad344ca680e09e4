import pg from 'pg';
import { findPostgres, usualPlaces } from './find-postgres.ts';
import { startLocalPostgres } from './local-postgres.ts';
import { startRedis, type Redis } from './redis.ts';
import { unreachable } from './unreachable.ts';

/** What the API needs around it. */
export interface Services {
  readonly databaseUrl: string;
  /** Where the database came from: `DATABASE_URL`, a folder, or a package. */
  readonly databaseFrom: string;
  /** Absent: the cache is in the process. */
  readonly redis?: Redis | undefined;
  /** Settles when the database ends by itself. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** What a server says of itself over two connections. */
export interface Backends {
  readonly version: string;
  /** Process ids of the two. */
  readonly pids: readonly [number, number];
}

/**
 * An emulation with one backend behind all connections runs transactions one after the other: the races that this suite
 * looks for cannot happen in it, and it would prove nothing.
 *
 * @throws Error for one of those, such as PGlite.
 */
export function refuseEmulation({ version, pids }: Backends): void {
  if (pids[0] !== pids[1] && !/emcc|emscripten|wasm|pglite/i.test(version)) return;
  throw new Error(
    `the database at DATABASE_URL is no PostgreSQL server, but one backend for all connections (${version}): ` +
      'PGlite and the like hide races, so nothing could be concluded. Use a real server',
  );
}

async function askBackends(connectionString: string): Promise<Backends> {
  const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
  // Whoever breaks the connection later is of no interest here.
  for (const client of clients) client.on('error', () => undefined);
  try {
    const ask = async (client: pg.Client): Promise<{ pid: number; version: string }> => {
      await client.connect();
      return (await client.query<{ pid: number; version: string }>('select pg_backend_pid() pid, version()')).rows[0]!;
    };
    const [one, two] = await Promise.all([ask(clients[0]), ask(clients[1])]);
    return { version: one.version, pids: [one.pid, two.pid] };
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}

type Database = Omit<Services, 'redis'>;

async function startDatabase(env: NodeJS.ProcessEnv): Promise<Database> {
  const databaseUrl = env['DATABASE_URL'];
  if (databaseUrl !== undefined && databaseUrl !== '') {
    refuseEmulation(
      await askBackends(databaseUrl).catch((error: unknown) => {
        throw unreachable('DATABASE_URL', databaseUrl, error);
      }),
    );
    const ended = new Promise<string>(() => undefined);
    return { databaseUrl, databaseFrom: 'DATABASE_URL', ended, stop: () => Promise.resolve() };
  }
  const binaries = await findPostgres(usualPlaces(env));
  const { url, ended, stop } = await startLocalPostgres(binaries);
  return { databaseUrl: url, databaseFrom: binaries.from, ended, stop };
}

/**
 * Starts what there is, without root and without Docker: `DATABASE_URL`, else PostgreSQL of this machine, else the one
 * in `node_modules`; `REDIS_URL`, else Redis of this machine, else none.
 */
export async function startServices(env: NodeJS.ProcessEnv = process.env): Promise<Services> {
  const database = await startDatabase(env);
  try {
    const redis = await startRedis(env);
    const stop = async (): Promise<void> => {
      await Promise.all([database.stop(), redis?.stop()]);
    };
    return { ...database, redis, stop };
  } catch (error) {
    await database.stop();
    throw error;
  }
}
