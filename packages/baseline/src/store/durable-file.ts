import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from './store-error.ts';

/** Names that begin like this are unfinished writes: never records. */
export const temporaryPrefix = '.writing-';

/**
 * Writes a file that is either there as a whole or not at all, whenever the process or the machine stops: under a
 * temporary name in the same folder, synced, then linked to its name, which fails when the name is taken.
 */
export async function writeOnce(path: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await tryWrite(path, bytes);
    } catch (error) {
      // Where clocks disagree or jump, somebody may take a write that is under way for one that was abandoned.
      if (systemCode(error) !== 'ENOENT' || attempt >= mostRetries) throw error;
    }
  }
}

const mostRetries = 5;

async function tryWrite(path: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = join(folder, `${temporaryPrefix}${process.pid}-${randomBytes(8).toString('hex')}`);
  try {
    await writeSynced(temporary, bytes);
    const outcome = await publish(temporary, path);
    await syncFolder(folder);
    return outcome;
  } finally {
    // What failed is told by what failed; a leftover is swept later.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function publish(temporary: string, path: string): Promise<'created' | 'exists'> {
  try {
    await link(temporary, path);
    return 'created';
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') return 'exists';
    if (!withoutLinks.has(code)) throw error;
    return await publishByRename(temporary, path);
  }
}

/**
 * For file systems without hard links. Of two writers at the same instant the later wins, which is harmless where the
 * key says what the content is.
 */
export async function publishByRename(temporary: string, path: string): Promise<'created' | 'exists'> {
  const taken = await stat(path).then(
    () => true,
    () => false,
  );
  if (taken) return 'exists';
  await rename(temporary, path);
  return 'created';
}

/** Deletes a file durably. False when there is none; what is no file stays. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isFile()) return false;
    await rm(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/**
 * Makes a folder and those above it, each durable when the one above it is synced. Not `recursive: true`, which never
 * returns where a system refuses a new folder with ENOENT, as Linux does below /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Another writer was faster, unless it is no folder that stands there.
    if (systemCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
  await syncFolder(dirname(folder));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

/** Some systems cannot open or sync a folder: there the directory entry is as durable as the system makes it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}
