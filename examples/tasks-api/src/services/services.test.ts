import '../../../../tools/test-support/pg-in-vitest.ts';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { embeddedPackage } from './embedded-postgres.ts';
import { scratchFolder } from './scratch-folder.ts';
import { refuseEmulation, startServices } from './services.ts';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A database of our own even where there is one to use, and no Redis. */
const ownDatabase = { ...process.env, DATABASE_URL: '', REDIS_URL: 'redis://127.0.0.1:1' };

const ownFolders = (): string[] =>
  readdirSync(scratchFolder()).filter((name) => name.startsWith(`run-${process.pid}-`));

interface Settings {
  readonly fsync: string;
  readonly listen: string;
  readonly folder: string;
  /** Of the process that all others belong to. */
  readonly pid: number;
}

async function settingsOf(url: string): Promise<Settings> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<Settings>(
    `select current_setting('fsync') fsync, current_setting('listen_addresses') listen,
       current_setting('data_directory') folder, split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int pid`,
  );
  await client.end();
  return rows[0]!;
}

describe('startServices', () => {
  it('starts a database without anything installed, as it is by default, and tells when it has ended', async () => {
    // Where npm could not install it, the one of the machine has to do.
    const env = { ...ownDatabase, ...(embeddedPackage() === undefined ? {} : { POSTGRES: 'embedded' }) };
    const services = await startServices(env);
    const { fsync, listen, folder, pid } = await settingsOf(services.databaseUrl);
    expect([fsync, listen, folder.startsWith(scratchFolder())]).toEqual(['on', '127.0.0.1', true]);
    expect(ownFolders()).toHaveLength(1);
    process.kill(pid, 'SIGINT');
    expect(await services.ended).toContain('shut down');
    await services.stop();
    expect([ownFolders(), isAlive(pid)]).toEqual([[], false]);
  });

  it('says what is wrong with DATABASE_URL before anything is started', async () => {
    await expect(startServices({ DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none' })).rejects.toThrow(
      /^DATABASE_URL leads to 127\.0\.0\.1:1, which cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. Correct it/,
    );
  });
});

describe('refuseEmulation', () => {
  const version = 'PostgreSQL 15.13 on x86_64-pc-linux-gnu, compiled by gcc';

  it('takes a server with a backend for each connection', () => {
    expect(() => refuseEmulation({ version, pids: [11, 12] })).not.toThrow();
  });

  it.each([
    ['one backend for all', { version, pids: [42, 42] as const }],
    [
      'one that was compiled for the web',
      { version: 'PostgreSQL 17.5 on wasm32, compiled by emcc', pids: [1, 2] as const },
    ],
  ])('refuses %s, which hides races', (_, backends) => {
    expect(() => refuseEmulation(backends)).toThrow('hide races');
  });
});
