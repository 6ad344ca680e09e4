import { fieldOf, type Env, type EventFile } from './event.ts';

export type CiHost = 'GitHub' | 'GitLab' | 'Bitbucket' | 'git';

/** A commit to try, and why it is the right one. */
export interface BaseCandidate {
  readonly ref: string;
  readonly why: string;
  /** A commit that only counts when HEAD descends from it: after a forced push the former tip is no ancestor. */
  readonly ancestor?: boolean | undefined;
  /** The branch that the commit is of, where the ref does not say it. */
  readonly branch?: string | undefined;
  /** Only right when HEAD is not on it: of a detached HEAD nobody knows whether it is of the branch or of a change. */
  readonly apart?: boolean | undefined;
  /** Only right when git has the whole history: in a shallow clone the better ones may just not have been fetched. */
  readonly fallback?: boolean | undefined;
}

/** What happened, and which bases to try in this order: the first that git knows is taken. */
export interface CiBase {
  readonly host: CiHost;
  readonly event: string;
  readonly candidates: readonly BaseCandidate[];
}

/** What git knows of HEAD. */
export interface HeadFacts {
  /** 2 when HEAD is a merge, as the test merge of a pull request is. */
  readonly parents: number;
  readonly sha: string;
  readonly branch?: string | undefined;
}

/**
 * Which commit this one is to be compared with, from what the CI system says. Pure: git is asked later.
 *
 *     pull request   checked out as its test merge: HEAD^1; else where it left its target
 *     merge queue    what the queue says that it builds upon, else HEAD^1
 *     push           the former tip of the branch when it is an ancestor, else HEAD^1
 *     schedule       HEAD itself: what differs then is noise
 *     elsewhere      where this branch left the default branch; on that branch, or detached (a tag, too) on it, HEAD^1
 */
export function chooseCiBase(env: Env, event: EventFile, head: HeadFacts, asked?: string): CiBase {
  const found = hostBase(env, event, head);
  if (asked === undefined || asked === 'auto') return found;
  return { ...found, candidates: [{ ref: asked, why: asSaid }] };
}

/** Why a base is taken that a person has named. */
export const asSaid = 'as --base says';

function hostBase(env: Env, event: EventFile, head: HeadFacts): CiBase {
  if (env['GITHUB_ACTIONS'] === 'true') return githubBase(env, event, head);
  if (env['GITLAB_CI'] === 'true') return gitlabBase(env, head);
  if ((env['BITBUCKET_BUILD_NUMBER'] ?? '') !== '') return bitbucketBase(env, head);
  return { host: 'git', event: 'local', candidates: byBranch(head.branch, undefined) };
}

const previous = (branch: string | undefined): BaseCandidate => ({
  ref: 'HEAD^1',
  why: 'the commit before this one',
  branch,
});
const testMerge = (target: string): BaseCandidate => ({
  ref: 'HEAD^1',
  why: `HEAD is the test merge, and this is the tip of ${target} in it`,
  branch: textOf(target),
});
/** A commit that the CI system names, of the target of a pull request. */
const fork = (ref: string, target: string): readonly BaseCandidate[] =>
  ref === '' ? [] : [{ ref, why: `where this branch left ${target}`, branch: textOf(target) }];

/** The target of a pull request as a branch of the remote; the local namesake is often out of date or absent. */
const left = (target: string): readonly BaseCandidate[] =>
  [`origin/${target}`, target].map((ref) => ({ ref, why: `where this branch left ${target}` }));

function byBranch(branch: string | undefined, main: string | undefined): readonly BaseCandidate[] {
  const mains = main === undefined ? ['main', 'master'] : [main];
  if (branch !== undefined && mains.includes(branch)) return [previous(branch)];
  const apart = branch === undefined;
  return [...mains.flatMap(left).map((one) => ({ ...one, apart })), { ...previous(branch), fallback: true }];
}

/** After a push: its former tip, and what else there is when that is gone. */
function pushed(
  before: unknown,
  branch: string | undefined,
  others: readonly BaseCandidate[],
): readonly BaseCandidate[] {
  const tips = formerTip(before, branch);
  return tips.length === 0 ? others : [...tips, ...others.map((other) => ({ ...other, fallback: true }))];
}

const zeros = /^0*$/;
const formerTip = (sha: unknown, branch: string | undefined): readonly BaseCandidate[] =>
  typeof sha === 'string' && !zeros.test(sha)
    ? [{ ref: sha, why: 'the tip of the branch before this push', ancestor: true, branch }]
    : [];

function githubBase(env: Env, event: EventFile, head: HeadFacts): CiBase {
  const host = 'GitHub';
  const target = env['GITHUB_BASE_REF'] ?? '';
  const main = textOf(fieldOf(event, 'repository', 'default_branch'));
  // Of a tag the name is that of the tag.
  const branch = env['GITHUB_REF_TYPE'] === 'tag' ? undefined : textOf(env['GITHUB_REF_NAME']);
  switch (env['GITHUB_EVENT_NAME']) {
    case 'pull_request':
    case 'pull_request_target': {
      const merged = head.parents === 2 && head.sha === env['GITHUB_SHA'];
      return { host, event: 'pull request', candidates: [...(merged ? [testMerge(target)] : []), ...left(target)] };
    }
    case 'merge_group': {
      const into = textOf(fieldOf(event, 'merge_group', 'base_ref'))?.replace(/^refs\/heads\//, '');
      const why = 'what the merge queue builds upon';
      // A queue that rebases has all commits of the pull request behind its base, the last of which is no merge.
      const said = textOf(fieldOf(event, 'merge_group', 'base_sha'));
      const named = said === undefined ? [] : [{ ref: said, why, ancestor: true, branch: into }];
      return { host, event: 'merge queue', candidates: [...named, { ref: 'HEAD^1', why, branch: into }] };
    }
    case 'push':
      return { host, event: 'push', candidates: pushed(fieldOf(event, 'before'), branch, byBranch(branch, main)) };
    case 'schedule':
      return { host, event: 'schedule', candidates: [itself(branch)] };
    default:
      return { host, event: 'manual', candidates: byBranch(branch, main) };
  }
}

const itself = (branch: string | undefined): BaseCandidate => ({
  ref: 'HEAD',
  why: 'a scheduled run: the commit against itself shows the noise',
  branch,
});
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function gitlabBase(env: Env, head: HeadFacts): CiBase {
  const host = 'GitLab';
  const target = env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] ?? '';
  const of = (name: string): string => env[name] ?? '';
  if (of('CI_MERGE_REQUEST_IID') !== '') {
    const merged = of('CI_MERGE_REQUEST_EVENT_TYPE') !== 'detached' && head.parents === 2;
    return {
      host,
      event: of('CI_MERGE_REQUEST_EVENT_TYPE') === 'merge_train' ? 'merge queue' : 'pull request',
      candidates: [
        ...(merged ? [testMerge(target)] : []),
        ...fork(of('CI_MERGE_REQUEST_DIFF_BASE_SHA'), target),
        ...left(target),
      ],
    };
  }
  const branch = textOf(env['CI_COMMIT_BRANCH']);
  if (of('CI_PIPELINE_SOURCE') === 'schedule') return { host, event: 'schedule', candidates: [itself(branch)] };
  const candidates = pushed(env['CI_COMMIT_BEFORE_SHA'], branch, byBranch(branch, textOf(env['CI_DEFAULT_BRANCH'])));
  return { host, event: 'push', candidates };
}

function bitbucketBase(env: Env, head: HeadFacts): CiBase {
  const host = 'Bitbucket';
  const target = env['BITBUCKET_PR_DESTINATION_BRANCH'] ?? '';
  const tip = env['BITBUCKET_PR_DESTINATION_COMMIT'] ?? '';
  if ((env['BITBUCKET_PR_ID'] ?? '') === '') {
    return { host, event: 'push', candidates: byBranch(env['BITBUCKET_BRANCH'] ?? head.branch, undefined) };
  }
  return { host, event: 'pull request', candidates: [...fork(tip, target), ...left(target)] };
}
