import { copyFile, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Warning } from '@perfkeel/core';
import type { Places } from './dependencies.ts';
import { nulList, tryGit } from './git.ts';

const pointer = 'version https://git-lfs.github.com/spec/';

/**
 * Where Git LFS fetches nothing, as in most CI systems, base gets pointers in place of the files that head was given:
 * whoever reads them would do less work there. Those of head that have not changed since are copied; the others are told.
 *
 * @param sha the commit of base
 */
export async function bringLargeFiles({ head, base }: Places, sha: string): Promise<Warning[]> {
  const { code, stdout } = await tryGit(base, ['ls-files', '-z', '--', ':(attr:filter=lfs)']);
  const missing: string[] = [];
  for (const path of code === 0 ? nulList(stdout) : []) {
    const [from, to] = [join(head, path), join(base, path)];
    if (!(await isPointer(to)) || (await isPointer(from)) !== false) continue;
    const same = (await tryGit(head, ['--literal-pathspecs', 'diff', '--quiet', sha, '--', path])).code === 0;
    if (same) await copyFile(from, to);
    else missing.push(path);
  }
  if (missing.length === 0) return [];
  const [first, ...more] = missing;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const message = `${first}${others} changed, and of base there is only the pointer of Git LFS: what reads it does other work there (git lfs fetch --all, and compare again)`;
  return [{ code: 'large-file-missing', message }];
}

/** `undefined` when there is nothing of that name. What a link leads to is another file: it must not be written through. */
async function isPointer(file: string): Promise<boolean | undefined> {
  const facts = await lstat(file).catch(() => undefined);
  if (facts !== undefined && !facts.isFile()) return false;
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(pointer.length), 0, pointer.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === pointer;
  } finally {
    await handle.close();
  }
}
