import { realpath } from 'node:fs/promises';
import { usageError } from '@perfkeel/core';
import { askGit, refHint } from '@perfkeel/runner';
import { asSaid, type BaseCandidate, type HeadFacts } from './choose-ci-base.ts';

/** The top of the repository, absolute and real. @throws PerfError `not-a-repository`, exit code 2. */
export async function findToplevel(folder: string): Promise<string> {
  const found = await askGit(folder, ['rev-parse', '--show-toplevel']);
  if (found !== undefined && found !== '') return await realpath(found);
  throw usageError(`${folder} is not in a git repository, so there is nothing to compare with`, {
    code: 'not-a-repository',
    hint: 'Check the repository out with its history (in GitHub Actions: actions/checkout with fetch-depth: 0).',
  });
}

/** What HEAD is. @throws PerfError `no-commit`, exit code 2. */
export async function headFacts(toplevel: string): Promise<HeadFacts> {
  const line = await askGit(toplevel, ['rev-list', '--parents', '--max-count=1', 'HEAD']);
  if (line === undefined || line === '') {
    throw usageError('HEAD is no commit', { code: 'no-commit', hint: 'Commit something first.' });
  }
  const [sha = '', ...parents] = line.split(' ');
  const branch = await askGit(toplevel, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return { sha, parents: parents.length, ...(branch === undefined ? {} : { branch }) };
}

/** A candidate that git knows. */
export interface FoundBase {
  readonly sha: string;
  readonly why: string;
  /** The branch that it is of, where anybody knows. */
  readonly branch?: string | undefined;
}

/** The branch, here or on a remote, that a ref is the name of. */
async function branchOf(toplevel: string, ref: string): Promise<string | undefined> {
  const name = await askGit(toplevel, ['rev-parse', '--symbolic-full-name', ref]);
  return /^refs\/(?:heads|remotes\/[^/]+)\/(?!HEAD$)(.+)$/.exec(name ?? '')?.[1];
}

/**
 * The commit at which HEAD left the first candidate that git knows.
 *
 * @throws PerfError `no-base`, exit code 2, with what was tried and how to fetch it
 */
export async function resolveBase(
  toplevel: string,
  candidates: readonly BaseCandidate[],
  head: HeadFacts,
): Promise<FoundBase> {
  const shallow = (await askGit(toplevel, ['rev-parse', '--is-shallow-repository'])) === 'true';
  const apart: string[] = [];
  let on: string | undefined;
  for (const { ref, why, ancestor, fallback, apart: onlyApart, branch: known } of candidates) {
    if (ref === '' || ref.startsWith('-') || (shallow && fallback && on === undefined)) continue;
    const tip = await askGit(toplevel, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    const sha = tip && (await askGit(toplevel, ['merge-base', tip, 'HEAD']));
    if (tip && !sha) apart.push(ref);
    if (!sha || (ancestor && sha !== tip)) continue;
    const branch = known ?? (await branchOf(toplevel, ref));
    // A second branch of that kind says nothing once HEAD is on one: it may be an old copy.
    if (onlyApart && (on !== undefined || sha === head.sha)) {
      on ??= ref;
      continue;
    }
    // Who names a branch is told which commit that comes to.
    const place = on === undefined ? why : `${why}, as HEAD is on ${on}`;
    const told = why === asSaid && sha !== tip ? `where HEAD left ${ref}, ${why}` : place;
    return { sha, why: told, ...(branch === undefined ? {} : { branch }) };
  }
  const named = candidates.some(({ why }) => why === asSaid);
  if (!shallow && !named && apart.length === 0 && head.parents === 0) {
    return { sha: head.sha, why: 'the first commit of all: nothing is before it, so it is compared with itself' };
  }
  const here = shallow ? ' in this shallow clone' : '';
  const tried = candidates.map(({ ref }) => ref).filter((ref) => ref !== '');
  const unknown = `no branch, tag or commit is called ${tried.map((ref) => JSON.stringify(ref)).join(' or ')}`;
  throw usageError(
    apart.length > 0
      ? `there is no commit to compare with: HEAD and ${apart.join(', ')} have none in common${here}`
      : `there is no commit to compare with${tried.length === 0 ? '' : `: ${unknown}`}${here}`,
    {
      code: 'no-base',
      hint: shallow
        ? 'Fetch the history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: 0 on GitLab, clone: depth: full on Bitbucket.'
        : await refHint(
            toplevel,
            tried.length === 1 && apart.length === 0 ? tried[0]! : '',
            'Name it: perfkeel ci --base <ref>.',
          ),
    },
  );
}
