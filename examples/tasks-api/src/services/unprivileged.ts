import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

/** The user that a database runs as when this process is root, which PostgreSQL refuses; empty otherwise. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

async function idOf(flag: '-u' | '-g'): Promise<number> {
  const { stdout } = await execute('id', [flag, 'nobody']);
  return Number(stdout);
}

export async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/** Gives a folder with all that is in it away. */
export async function giveTo({ uid, gid }: Identity, folder: string): Promise<void> {
  if (uid !== undefined) await execute('chown', ['-R', `${uid}:${gid}`, folder]);
}
