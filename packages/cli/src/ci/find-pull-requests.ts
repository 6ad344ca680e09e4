import { PerfError } from '@perfkeel/core';
import { fieldOf, type EventFile } from './event.ts';
import type { GithubApi } from './github-api.ts';

/** Where to publish, from the event alone. */
export interface PublishTarget {
  /** `owner/name` */
  readonly repository: string;
  /** The commit that was measured, as GitHub says. */
  readonly sha: string;
  readonly pullRequests: readonly number[];
  /** Why there is none. */
  readonly why?: string | undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const repositoryName = /^[\w.-]+\/[\w.-]+$/;
const commit = /^[0-9a-f]{40,64}$/;

/**
 * The open pull requests whose head is exactly the commit that a run measured, in the repository that it came from: from
 * the event, never from what the run wrote, which a fork could have written. A pull request that has moved on has no
 * result from this run.
 *
 * @throws PerfError `bad-event`, exit code 4
 */
export async function findPullRequests(event: EventFile, api: GithubApi): Promise<PublishTarget> {
  const repository = textOf(fieldOf(event, 'repository', 'full_name'));
  const run = fieldOf(event, 'workflow_run');
  const head = run ?? fieldOf(event, 'pull_request', 'head');
  const sha = textOf(run === undefined ? fieldOf(head, 'sha') : fieldOf(run, 'head_sha'));
  if (!repositoryName.test(repository) || !commit.test(sha)) throw badEvent();
  const started = textOf(fieldOf(run, 'event'));
  if (run !== undefined && !started.startsWith('pull_request')) {
    return { repository, sha, pullRequests: [], why: `the run was started by ${started || 'something else'}` };
  }
  const source = textOf(
    run === undefined ? fieldOf(head, 'repo', 'full_name') : fieldOf(run, 'head_repository', 'full_name'),
  );
  const branch = textOf(run === undefined ? fieldOf(head, 'ref') : fieldOf(run, 'head_branch'));
  const found = [...(await ofCommit(api, repository, sha)), ...(await ofBranch(api, repository, source, branch))];
  const pullRequests = found.filter((each) => isOpen(each, { repository, sha, source })).map(numberOf);
  const unique = [...new Set(pullRequests)].sort((a, b) => a - b);
  return unique.length > 0
    ? { repository, sha, pullRequests: unique }
    : { repository, sha, pullRequests: [], why: `no open pull request has ${sha.slice(0, 7)} as its head any more` };
}

const badEvent = (): PerfError =>
  new PerfError('the event names no repository or no commit', {
    code: 'bad-event',
    hint: 'Pass the event of a workflow_run or pull_request: --event "$GITHUB_EVENT_PATH".',
  });

/** The list of the event itself is empty for forks, and so may this one be. */
const ofCommit = (api: GithubApi, repository: string, sha: string): Promise<readonly unknown[]> =>
  api.list(`/repos/${repository}/commits/${sha}/pulls`).catch(() => []);

async function ofBranch(
  api: GithubApi,
  repository: string,
  source: string,
  branch: string,
): Promise<readonly unknown[]> {
  const [owner = ''] = source.split('/');
  if (owner === '' || branch === '') return [];
  return await api.list(`/repos/${repository}/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`);
}

interface Wanted {
  readonly repository: string;
  readonly sha: string;
  readonly source: string;
}

const isOpen = (found: unknown, { repository, sha, source }: Wanted): boolean =>
  fieldOf(found, 'state') === 'open' &&
  fieldOf(found, 'head', 'sha') === sha &&
  fieldOf(found, 'head', 'repo', 'full_name') === source &&
  fieldOf(found, 'base', 'repo', 'full_name') === repository &&
  Number.isSafeInteger(fieldOf(found, 'number'));

const numberOf = (found: unknown): number => fieldOf(found, 'number') as number;
