import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** An empty repository, written as `git init` writes it, without starting a process. */
async function makeRepository(folder: string, config: readonly string[]): Promise<void> {
  for (const part of ['objects', 'refs/heads']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(folder, 'config'), ['[core]', 'repositoryformatversion = 0', ...config, ''].join('\n'));
}

export interface GitTeam {
  readonly remote: string;
  readonly folders: readonly string[];
}

/** A bare remote, and clones of it that nobody ever fetched with. */
export async function gitTeam(clones: number): Promise<GitTeam> {
  const root = await temporaryFolder();
  const remote = join(root, 'remote.git');
  await makeRepository(remote, ['bare = true', '[receive]', 'autogc = false']);
  const folders = Array.from({ length: clones }, (_, i) => join(root, `clone-${i}`));
  for (const folder of folders) {
    await makeRepository(join(folder, '.git'), ['bare = false', '[remote "origin"]', `url = ${remote}`]);
  }
  return { remote, folders };
}
