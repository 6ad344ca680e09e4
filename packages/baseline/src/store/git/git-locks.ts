import { rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

/** The lock that git found taken, from what it said; what a remote said has other beginnings. */
export function lockIn(said: string): string | undefined {
  const lines = said
    .split('\n')
    .map((line) => /^(?:error|fatal): .*Unable to create '([^']+\.lock)': File exists/.exec(line));
  return lines.find((found) => found !== null)?.[1];
}

/** What this clone keeps of remotes: nobody but this store writes it. */
const own = join(sep, 'refs', 'perfkeel', 'remotes', sep);

/**
 * Removes the lock that git found taken, when a git that was killed left it: it is on a ref that nobody but this store
 * writes, and older than any git that this store lets run.
 *
 * @param folder what git names files relative to
 * @returns whether it is worth another try
 */
export async function removeStaleLock(folder: string, said: string, olderThanMs: number): Promise<boolean> {
  const lock = lockIn(said);
  const path = resolve(folder, lock ?? '');
  if (lock === undefined || !path.includes(own)) return false;
  try {
    if (Date.now() - (await stat(path)).mtimeMs <= olderThanMs) return false;
    await rm(path);
  } catch {
    // Gone, or not to be removed: what git says next decides.
    return false;
  }
  return true;
}
