import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { PerfError } from '@perfkeel/core';
import { makeFolder, removeFile, temporaryPrefix, writeOnce } from './durable-file.ts';
import { requireObjectKey } from './object-key.ts';
import type { ObjectLog } from './object-log.ts';
import { notReadable, notWritable, systemCode } from './store-error.ts';

export interface FolderLogOptions {
  /** How old an unfinished write must be before it counts as abandoned and is deleted. @default one hour */
  readonly abandonedAfterMs?: number;
}

const quarantine = 'quarantine';

/**
 * Records as files below one folder, safe against other writers, sudden ends and hostile names. The folder is made by
 * the first write. Symbolic links inside it are never followed.
 *
 * @param root the folder; it may be a link itself
 */
export function folderLog(root: string, options: FolderLogOptions = {}): ObjectLog {
  const folder = resolve(root);
  const place = (key: string): string => join(folder, ...key.split('/'));
  const abandonedAfterMs = options.abandonedAfterMs ?? 3_600_000;
  return {
    place,
    async put(key, bytes) {
      requireObjectKey(key);
      return await writing(place(key), folder, async () => {
        if (!(await isInside(folder, dirname(place(key))))) throw linkedAway('write', place(key), folder);
        return await writeOnce(place(key), bytes);
      });
    },
    async get(key) {
      requireObjectKey(key);
      return await reading(place(key), folder, async () => {
        if (!(await isInside(folder, dirname(place(key))))) return undefined;
        return await readRegularFile(place(key));
      });
    },
    async list(prefix) {
      const start = prefix.replace(/\/$/, '');
      if (start !== '') requireObjectKey(start);
      const keys = await reading(place(start), folder, async () => {
        if (!(await isInside(folder, place(start)))) throw linkedAway('read', place(start), folder);
        return await walk(place(start), start, abandonedAfterMs);
      });
      return keys.filter((key) => !key.startsWith(`${quarantine}/`)).sort();
    },
    async remove(key) {
      requireObjectKey(key);
      return await writing(place(key), folder, async () => {
        if (!(await isInside(folder, dirname(place(key))))) throw linkedAway('delete', place(key), folder);
        return await removeFile(place(key));
      });
    },
    async setAside(key) {
      requireName(key);
      return await writing(place(key), folder, async () => {
        for (const way of [dirname(place(key)), place(quarantine)]) {
          if (!(await isInside(folder, way))) throw linkedAway('move', place(key), folder);
        }
        return await move(place(key), place(quarantine), quarantineName(key));
      });
    },
  };
}

async function writing<T>(path: string, root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PerfError ? error : notWritable(path, root, error);
  }
}

async function reading<T>(path: string, root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PerfError ? error : notReadable(path, root, error);
  }
}

/** The real path, or that of the nearest folder above which exists. */
async function nearestReal(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return await nearestReal(dirname(path));
  }
}

/** False when a symbolic link on the way leads out of the root. */
async function isInside(root: string, path: string): Promise<boolean> {
  const [realRoot, real] = [await nearestReal(root), await nearestReal(path)];
  return real === realRoot || real.startsWith(realRoot + sep);
}

const linkedAway = (verb: string, path: string, root: string): PerfError =>
  new PerfError(`cannot ${verb} ${path}: a symbolic link on the way leads out of the store`, {
    code: verb === 'read' ? 'store-not-readable' : 'store-not-writable',
    hint: `Remove the link below ${root}, or set "store" in perf.config to the folder that it leads to.`,
  });

/** `undefined` when it is missing, a link, a folder or anything else than a regular file. */
async function readRegularFile(path: string): Promise<Uint8Array | undefined> {
  try {
    if (!(await lstat(path)).isFile()) return undefined;
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function walk(folder: string, prefix: string, abandonedAfterMs: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown): Dirent[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const keys: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.name.startsWith(temporaryPrefix)) await sweep(join(folder, entry.name), abandonedAfterMs);
    // No key is hidden: these belong to the system, an editor or a network drive.
    else if (entry.name.startsWith('.')) continue;
    else if (entry.isDirectory()) folders.push(key);
    else keys.push(key);
  }
  // Together: a store has hundreds of folders, and each is a round trip to the disk.
  const below = folders.map((key) => walk(join(folder, basename(key)), key, abandonedAfterMs));
  for (const inner of await Promise.all(below)) for (const key of inner) keys.push(key);
  return keys;
}

/** Deletes an unfinished write that nobody can be working on any more. Reading works where deleting is not allowed. */
async function sweep(path: string, abandonedAfterMs: number): Promise<void> {
  try {
    const age = Date.now() - (await lstat(path)).mtimeMs;
    if (age >= abandonedAfterMs) await rm(path, { force: true });
  } catch {
    return;
  }
}

/** Looser than a key, since others do not ask before they name a file; still no way out. */
function requireName(key: string): void {
  const safe = key.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !/[\\\0]/.test(name));
  if (!safe) requireObjectKey(key);
}

/** Says where it was, and is never taken. */
const quarantineName = (key: string): string =>
  `${key.replaceAll('/', '.').replace(/[^ -~]/g, '_')}.${randomBytes(4).toString('hex')}`.slice(-200);

async function move(from: string, folder: string, name: string): Promise<string | undefined> {
  const to = join(folder, name);
  try {
    await lstat(from);
    await makeFolder(folder);
    await rename(from, to);
    return to;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
