import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';

export const execute = promisify(execFile);

/** The user that a database runs as when this process is root, which PostgreSQL refuses; empty otherwise. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export async function unprivileged(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {};
  // uid=65534(nobody) gid=65534(nogroup) groups=…
  const { stdout } = await execute('id', ['nobody']);
  const [uid, gid] = ['uid', 'gid'].map((name) => Number(new RegExp(`${name}=(-?\\d+)`).exec(stdout)?.[1]));
  return { uid: uid!, gid: gid! };
}

/** Gives a folder away. What is in it keeps its owner. */
export async function giveTo({ uid, gid }: Identity, folder: string): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
}
