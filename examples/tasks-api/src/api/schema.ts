import { randomUUID } from 'node:crypto';
import pg from 'pg';

export const artifactTypes = ['US', 'TASK', 'EPIC', 'PRD', 'HLS', 'CONTROL'] as const;

/**
 * The tables, with 1 000 tasks and 500 entries of the ID registry. The database itself writes under which isolation an
 * entry was made, so that no program can say so wrongly.
 */
const tables = `
  create table tasks (
    id bigint generated always as identity primary key,
    title text not null,
    status text not null default 'pending' check (status in ('pending', 'in_progress', 'done')),
    priority int not null default 3,
    updated_at timestamptz not null default now()
  );
  create index tasks_next on tasks (status, priority, id);
  create table id_counters (artifact_type text primary key, next_id bigint not null);
  create table id_registry (
    id bigint generated always as identity primary key,
    artifact_type text not null references id_counters,
    first_id bigint not null,
    last_id bigint not null,
    requested_by int,
    isolation text not null default current_setting('transaction_isolation')
  );
  insert into tasks (title, status, priority)
    select 'task ' || n, case when n % 10 < 7 then 'pending' when n % 10 < 9 then 'in_progress' else 'done' end, 1 + n % 5
    from generate_series(1, 1000) n;
  insert into id_counters select type, 1001 from unnest($types$) type;
  insert into id_registry (artifact_type, first_id, last_id)
    select ($types$)[1 + n / 100], (n % 100) * 10 + 1, (n % 100) * 10 + 10 from generate_series(0, 499) n;
  analyze;
`;

/** A schema of its own in a database that may have others. */
export interface OwnSchema {
  readonly name: string;
  /** Such as `15.13`. */
  readonly serverVersion: string;
  drop(): Promise<void>;
}

async function once<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the schema and fills it. Dropping it leaves everything else in the database as it was. */
export async function createSchema(url: string): Promise<OwnSchema> {
  const name = `perfkeel_tasks_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const types = `array[${artifactTypes.map((type) => `'${type}'`).join(', ')}]`;
  const serverVersion = await once(url, async (client) => {
    await client.query(`create schema ${name}; set search_path = ${name}; ${tables.replaceAll('$types$', types)}`);
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    // Distributions add their own: `15.18 (Debian 15.18-0+deb12u1)`.
    return rows[0]!.server_version.split(' ')[0]!;
  });
  return {
    name,
    serverVersion,
    drop: () => once(url, async (client) => void (await client.query(`drop schema ${name} cascade`))),
  };
}
