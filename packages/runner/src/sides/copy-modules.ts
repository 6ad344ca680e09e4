import { cp, lstat, mkdir, readdir, readlink, realpath, symlink, unlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { runCommand } from './command.ts';
import { isInside } from './worktree.ts';

/** The checkout that is copied from, and the one that is copied to. */
interface Checkouts {
  readonly from: string;
  readonly to: string;
}

/** Caches of tools name paths of the other checkout, and may be large. */
const isCopied = (name: string): boolean => name !== '.cache';

/** Copies a node_modules folder; links into the one checkout lead into the other afterwards. */
export async function copyModules(
  source: string,
  copy: string,
  checkouts: Checkouts,
  signal?: AbortSignal,
): Promise<void> {
  if ((await lstat(source)).isSymbolicLink()) {
    await symlink(moved(await realpath(source), checkouts), copy, 'junction');
    return;
  }
  await copyFolder(source, copy, signal);
  signal?.throwIfAborted();
  await leadLinksHere(copy, checkouts);
}

async function copyFolder(source: string, copy: string, signal?: AbortSignal): Promise<void> {
  if (process.platform === 'linux') {
    const entries = (await readdir(source)).filter(isCopied).map((name) => join(source, name));
    await mkdir(copy, { recursive: true });
    if (entries.length === 0) return;
    const words = ['-a', '--reflink=auto', '-t', copy, '--', ...entries];
    const ended = await runCommand('cp', words, { cwd: source, signal }).catch(() => ({ code: 1 }));
    if (ended.code === 0 || signal?.aborted) return;
  }
  // Slower, and the same everywhere.
  await cp(source, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => isCopied(basename(path)),
  });
}

/** The same place in the other checkout; places elsewhere stay. */
const moved = (path: string, { from, to }: Checkouts): string =>
  isInside(from, path) ? join(to, relative(from, path)) : path;

/** Links of a workspace are often relative and then right already; absolute ones still lead to where they were made. */
async function leadLinksHere(modules: string, checkouts: Checkouts): Promise<void> {
  for (const entry of await readdir(modules, { withFileTypes: true })) {
    const path = join(modules, entry.name);
    if (entry.isDirectory() && entry.name.startsWith('@')) await leadLinksHere(path, checkouts);
    if (!entry.isSymbolicLink()) continue;
    const target = await realpath(path).catch(() => readlink(path));
    if (!isInside(checkouts.from, target)) continue;
    await unlink(path);
    await symlink(moved(target, checkouts), path, 'junction');
  }
}
