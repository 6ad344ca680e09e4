import type { ClientBase } from 'pg';
import { PerfError } from '@perfkeel/core';

/**
 * Each brings the tables from one version to the next; what is here is never changed. `schema` has been looked at: it is
 * a plain name, since SQL has no parameters for names.
 */
const migrations: readonly ((schema: string) => string)[] = [
  (schema) => `
    create table ${schema}.record (
      key text collate "C" primary key,
      content bytea not null,
      stored_at timestamptz not null default now()
    );
    create table ${schema}.set_aside (
      id bigint generated always as identity primary key,
      key text not null,
      content bytea not null,
      set_aside_at timestamptz not null default now()
    );`,
];

/** One number for everybody who migrates, so that they wait for each other. */
const lock = 7_372_638_001;

/** Brings the tables to the newest version. @throws PerfError `newer-store` when a newer perfkeel made them. */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  if ((await versionOf(client, schema)) === migrations.length) return;
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [lock]);
    await client.query(`create schema if not exists ${schema}`);
    await client.query(
      `create table if not exists ${schema}.migration (version int primary key, at timestamptz not null default now())`,
    );
    const version = await versionOf(client, schema);
    if (version > migrations.length) throw newer(schema, version);
    for (const [i, migration] of migrations.entries()) {
      if (i < version) continue;
      await client.query(migration(schema));
      await client.query(`insert into ${schema}.migration (version) values ($1)`, [i + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function versionOf(client: ClientBase, schema: string): Promise<number> {
  const there = await client.query('select to_regclass($1) is not null as there', [`${schema}.migration`]);
  if (!(there.rows[0] as { there: boolean }).there) return 0;
  const { rows } = await client.query(`select coalesce(max(version), 0) as version from ${schema}.migration`);
  return (rows[0] as { version: number }).version;
}

const newer = (schema: string, version: number): PerfError =>
  new PerfError(
    `the tables in ${schema} were made by a newer perfkeel: they have version ${version}, and this one reads up to ${migrations.length}`,
    { code: 'newer-store', hint: 'Update perfkeel: npm install --save-dev perfkeel@latest.' },
  );
