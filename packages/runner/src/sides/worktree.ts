import { existsSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { usageError } from '@perfkeel/core';
import { git, tryGit } from './git.ts';
import { bringSubmodules } from './submodules.ts';

/** A commit, checked out in a temporary folder of its own. */
export interface Worktree {
  readonly root: string;
  /** May be called any number of times. */
  remove(): Promise<void>;
}

const prefix = 'perfkeel-base-';
const dayMs = 24 * 3600 * 1000;

/** Whether a path is a folder or below it. */
export const isInside = (folder: string, path: string): boolean => {
  const steps = relative(folder, path);
  return steps === '' || (steps !== '..' && !/^\.\.[\\/]/.test(steps) && !/^([A-Za-z]:|[\\/])/.test(steps));
};

/**
 * Checks a commit out outside of the workspace, detached: a branch can be checked out only once. What killed runs left
 * behind is removed first.
 */
export async function addWorktree(toplevel: string, sha: string, signal?: AbortSignal): Promise<Worktree> {
  await removeLeftovers(toplevel);
  const temporary = await realpath(tmpdir());
  if (isInside(toplevel, temporary)) {
    throw usageError(`the temporary folder ${temporary} is inside of the repository`, {
      code: 'bad-temporary-folder',
      hint: 'Set TMPDIR to a folder outside: packages of this checkout would be found from there.',
    });
  }
  const folder = await mkdtemp(join(temporary, prefix));
  const root = join(folder, 'tree');
  const remove = (): Promise<void> => removeWorktree(toplevel, root);
  try {
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() }));
    await git(toplevel, ['worktree', 'add', '--quiet', '--detach', root, sha], signal);
    await bringSubmodules(toplevel, root, signal);
    return { root, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function removeWorktree(toplevel: string, root: string): Promise<void> {
  // A process that was just killed may still be writing there.
  await rm(dirname(root), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  await tryGit(toplevel, ['worktree', 'remove', '--force', '--force', root]);
}

/** Removes worktrees of runs that are no more. Those of anybody else are left alone. */
export async function removeLeftovers(toplevel: string): Promise<void> {
  const { stdout } = await tryGit(toplevel, ['worktree', 'list', '--porcelain']);
  const roots = [...stdout.matchAll(/^worktree (.+)$/gm)].map(([, path]) => path!);
  for (const root of roots) {
    const own = basename(root) === 'tree' && basename(dirname(root)).startsWith(prefix);
    if (own && !(await isInUse(dirname(root)))) await removeWorktree(toplevel, root);
  }
}

async function isInUse(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  try {
    const owner = JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8')) as Record<string, unknown>;
    // Nothing is compared for a day; a number of a process is given again to another.
    if (Date.now() - Number(owner['at']) > dayMs) return false;
    if (owner['host'] !== hostname()) return true;
    process.kill(Number(owner['pid']), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
