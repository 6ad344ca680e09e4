import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { git, nulList } from './git.ts';

/**
 * Fills the folders of submodules in a worktree, which git leaves empty, with the commits that base has of them. They come
 * out of head's own checkouts, so that nothing is fetched; one that head does not have stays empty.
 */
export async function bringSubmodules(toplevel: string, root: string, signal?: AbortSignal): Promise<void> {
  const listed = nulList(await git(root, ['ls-files', '--stage', '-z'], signal));
  for (const line of listed) {
    const [, sha, path] = /^160000 ([0-9a-f]+) \d\t(.*)$/s.exec(line) ?? [];
    if (sha !== undefined && existsSync(join(toplevel, path!, '.git'))) {
      await fill(join(toplevel, path!), sha, join(root, path!), signal).catch(() => undefined);
    }
  }
}

/** With an index of its own: that of a person's checkout is not ours to touch. */
async function fill(from: string, sha: string, to: string, signal?: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-index-'));
  const index = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await git(from, ['read-tree', sha], signal, index);
    await git(from, ['checkout-index', '--all', '--force', `--prefix=${to}${sep}`], signal, index);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
