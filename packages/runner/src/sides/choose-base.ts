import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { usageError, type PerfError } from '@perfkeel/core';
import { gitLine } from './git.ts';
import { refHint } from './ref-hint.ts';

/** The commit that is compared with, and why it is this one. */
export interface ChosenBase {
  /** The folder of the working tree, absolute and real. */
  readonly toplevel: string;
  /** The project in it; empty when they are one. */
  readonly project: string;
  readonly sha: string;
  /** The ref that was followed. */
  readonly ref: string;
  /** A sentence for people. */
  readonly reason: string;
}

interface Candidate {
  readonly ref: string;
  readonly tip: string;
  readonly sha: string;
}

/**
 * The merge-base of the working tree and a ref: where this branch began, so that what others did since on that ref is
 * not blamed on it. Of a local branch and its namesake on `origin` the one counts that meets the branch later: a local
 * `main` is often out of date.
 *
 * @throws PerfError exit 2: `not-a-repository`, `unknown-ref`, `shallow-clone`, `no-common-commit`
 */
export async function chooseBase(root: string, ref: string): Promise<ChosenBase> {
  const found = await gitLine(root, ['rev-parse', '--show-toplevel']);
  if (found === undefined) {
    throw usageError(`${root} is not in a git repository, so there is no base to compare with`, {
      code: 'not-a-repository',
      hint: 'Compare two stored runs instead: perfkeel compare <base> <head>.',
    });
  }
  const toplevel = await realpath(found);
  const chosen = await latest(toplevel, await candidatesOf(toplevel, ref));
  return {
    toplevel,
    project: relative(toplevel, await realpath(root)),
    sha: chosen.sha,
    ref: chosen.ref,
    reason: await reasonOf(toplevel, chosen),
  };
}

async function candidatesOf(toplevel: string, ref: string): Promise<Candidate[]> {
  const names = ref === '' || ref.startsWith('-') ? [] : [ref, `origin/${ref}`];
  const known: { ref: string; tip: string }[] = [];
  for (const name of names) {
    const tip = await gitLine(toplevel, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    if (tip !== undefined) known.push({ ref: name, tip });
  }
  if (known.length === 0) throw await unknownRef(toplevel, ref);
  const met: Candidate[] = [];
  for (const one of known) {
    const sha = await gitLine(toplevel, ['merge-base', one.tip, 'HEAD']);
    if (sha !== undefined) met.push({ ...one, sha });
  }
  if (met.length === 0) throw await noCommonCommit(toplevel, ref);
  return met;
}

async function latest(toplevel: string, [first, second]: readonly Candidate[]): Promise<Candidate> {
  if (second === undefined || second.sha === first!.sha) return first!;
  // Prints something only when the first is not among the ancestors of the second.
  const missing = await gitLine(toplevel, ['rev-list', '--max-count=1', first!.sha, '--not', second.sha]);
  return missing === undefined ? second : first!;
}

async function reasonOf(toplevel: string, { ref, tip, sha }: Candidate): Promise<string> {
  const head = await gitLine(toplevel, ['rev-parse', 'HEAD']);
  if (head === sha) return `HEAD is on ${ref}: the working tree is compared with its last commit`;
  const isCommit = /^[0-9a-f]{7,}$/.test(ref) && tip.startsWith(ref);
  if (tip === sha) return `${isCommit ? 'a commit' : ref}, which this branch contains`;
  return `where this branch left ${ref}`;
}

const isShallow = async (toplevel: string): Promise<boolean> =>
  (await gitLine(toplevel, ['rev-parse', '--is-shallow-repository'])) === 'true';

const shallow = (ref: string, what: string): PerfError =>
  usageError(`this is a shallow clone, in which ${what}`, {
    code: 'shallow-clone',
    hint: `Fetch the history: git fetch --unshallow origin ${ref} (in GitHub Actions: fetch-depth: 0 of actions/checkout).`,
  });

async function unknownRef(toplevel: string, ref: string): Promise<PerfError> {
  if (await isShallow(toplevel)) return shallow(ref, `${JSON.stringify(ref)} is not known`);
  const fetching = `Name a branch, tag or commit, or fetch it: git fetch origin ${ref === '' ? 'main' : ref}.`;
  return usageError(`no branch, tag or commit is called ${JSON.stringify(ref)}`, {
    code: 'unknown-ref',
    hint: await refHint(toplevel, ref, fetching),
  });
}

async function noCommonCommit(toplevel: string, ref: string): Promise<PerfError> {
  if (await isShallow(toplevel)) return shallow(ref, `the commit where this branch left ${ref} is missing`);
  return usageError(`HEAD and ${ref} have no commit in common`, {
    code: 'no-common-commit',
    hint: 'Name the branch that this one began from: --against <ref>.',
  });
}
