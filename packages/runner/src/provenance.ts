import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Provenance } from '@perfkeel/core';
import { ciBranch } from './ci-branch.ts';
import { tryGit } from './sides/git.ts';

async function git(root: string, ...words: string[]): Promise<string | undefined> {
  // No git, no repository, or no commit yet: all the same to a measurement.
  const { code, stdout } = await tryGit(root, words).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 ? stdout.trim() : undefined;
}

/** The name in package.json, or that of the folder. */
export async function projectName(root: string): Promise<string> {
  try {
    const { name } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name?: unknown };
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // No readable package.json: the folder names the project.
  }
  return basename(root);
}

/** Which code was measured, as far as git can tell. */
export async function readProvenance(root: string, tool: string, name?: string): Promise<Provenance> {
  const [project, sha, onBranch, status] = await Promise.all([
    name ?? projectName(root),
    git(root, 'rev-parse', 'HEAD'),
    git(root, 'rev-parse', '--abbrev-ref', 'HEAD'),
    git(root, 'status', '--porcelain', '--untracked-files=no'),
  ]);
  // So git calls what is checked out without a branch, as CI systems do it.
  const branch = onBranch === 'HEAD' ? ciBranch(process.env, sha) : onBranch;
  return {
    project,
    tool,
    ...(sha === undefined ? {} : { sha }),
    ...(branch === undefined ? {} : { branch }),
    ...(sha === undefined || status === undefined ? {} : { dirty: status !== '' }),
  };
}
