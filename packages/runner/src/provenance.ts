import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Provenance } from '@perfkeel/core';
import { ciBranch } from './ci-branch.ts';
import { askGit } from './sides/git.ts';

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
    askGit(root, ['rev-parse', 'HEAD']),
    askGit(root, ['rev-parse', '--abbrev-ref', 'HEAD']),
    askGit(root, ['status', '--porcelain', '--untracked-files=no']),
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
