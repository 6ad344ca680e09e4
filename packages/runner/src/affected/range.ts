import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { PerfError, usageError } from '@perfkeel/core';
import { chooseBase } from '../sides/choose-base.ts';
import { git, gitLine, nulList, tryGit } from '../sides/git.ts';
import { refHint } from '../sides/ref-hint.ts';

/** Between which states changes are counted. */
export interface Range {
  /** The folder of the working tree, or of the workspace without one; real. */
  readonly toplevel: string;
  readonly base?: { readonly sha: string; readonly ref: string; readonly reason: string } | undefined;
  /** A commit; the working tree when absent. */
  readonly head?: string | undefined;
  /** Why there is no base. */
  readonly unsure?: string | undefined;
}

export interface RangeOptions {
  readonly base: string;
  /** Whether a person named the base: a name that git does not know is then a mistake. */
  readonly explicit: boolean;
  readonly head?: string | undefined;
}

const unknowable = new Set(['not-a-repository', 'shallow-clone', 'no-common-commit', 'command-failed']);

/**
 * Finds the merge-base to count from.
 *
 * @throws PerfError `unknown-ref` (exit 2) for a ref that a person named and git does not know. Everything else that is
 * missing, such as the history of a shallow clone, makes the range unsure.
 */
export async function findRange(root: string, options: RangeOptions): Promise<Range> {
  const toplevel = await toplevelOf(root);
  const head = options.head === undefined ? undefined : await commitOf(toplevel, options.head);
  try {
    const chosen = await chooseBase(root, options.base);
    const { sha, ref, reason } = chosen;
    if (head === undefined) return { toplevel: chosen.toplevel, base: { sha, ref, reason } };
    const met = (await gitLine(toplevel, ['merge-base', ref, head])) ?? sha;
    return { toplevel, base: { sha: met, ref, reason: `where ${options.head} left ${ref}` }, head };
  } catch (error) {
    if (!(error instanceof PerfError)) throw error;
    if (!unknowable.has(error.code) && (options.explicit || error.code !== 'unknown-ref')) throw error;
    const hint = error.hint === undefined ? '' : ` ${advice(error)}`;
    return { toplevel, unsure: `${error.message}.${hint}` };
  }
}

/** What to do about it here, where nothing is compared. */
const advice = ({ code, hint }: PerfError): string =>
  code === 'not-a-repository' || code === 'no-common-commit' ? 'Name what changed: --files <path>.' : (hint ?? '');

/** @throws PerfError `unknown-ref`: nobody but a person names the head. */
async function commitOf(toplevel: string, head: string): Promise<string> {
  const words = ['rev-parse', '--verify', '--quiet', `${head}^{commit}`];
  const sha = head.startsWith('-') ? undefined : await gitLine(toplevel, words);
  if (sha !== undefined) return sha;
  throw usageError(`no branch, tag or commit is called ${JSON.stringify(head)}`, {
    code: 'unknown-ref',
    hint: await refHint(toplevel, head, 'Name a branch, tag or commit: --head HEAD.'),
  });
}

async function toplevelOf(root: string): Promise<string> {
  const found = await gitLine(root, ['rev-parse', '--show-toplevel']).catch(() => undefined);
  return await realpath(found ?? root);
}

/** A changed path before it is classed. */
export type RawChange = { readonly path: string; readonly status: 'added' | 'modified' | 'deleted' };

/** Committed, staged, unstaged and new files, submodules included; sorted, paths from the top. */
export async function changesIn({ toplevel, base, head }: Range): Promise<RawChange[]> {
  if (base === undefined) return [];
  const words = ['diff', '--raw', '-z', '--no-renames', '--ignore-submodules=none', base.sha];
  const fields = nulList(await git(toplevel, [...words, ...(head === undefined ? [] : [head]), '--']));
  const changes = new Map<string, RawChange>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const path = fields[at + 1]!;
    changes.set(path, { path, status: statusOf(fields[at]!.slice(-1)) });
  }
  if (head === undefined) {
    for (const name of nulList(await git(toplevel, ['ls-files', '--others', '--exclude-standard', '-z']))) {
      // Git shows another repository inside as a folder, and a file that was taken out of the index as both.
      const path = name.replace(/\/$/, '');
      changes.set(path, { path, status: changes.has(path) ? 'modified' : 'added' });
    }
  }
  return [...changes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const statusOf = (letter: string): RawChange['status'] =>
  letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified';

/** The text of a file on both sides; `undefined` where there is none. */
export async function textsOf(
  { toplevel, base, head }: Range,
  path: string,
): Promise<{ before?: string | undefined; after?: string | undefined }> {
  const at = async (sha: string): Promise<string | undefined> => {
    const { code, stdout } = await tryGit(toplevel, ['show', `${sha}:${path}`]);
    return code === 0 ? stdout : undefined;
  };
  const before = base === undefined ? undefined : await at(base.sha);
  const after =
    head === undefined ? await readFile(join(toplevel, path), 'utf8').catch(() => undefined) : await at(head);
  return { before, after };
}
