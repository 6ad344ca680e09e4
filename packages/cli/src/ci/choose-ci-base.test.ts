import { describe, expect, it } from 'vitest';
import { chooseCiBase } from './choose-ci-base.ts';
import type { Env, EventFile } from './event.ts';

const sha = 'a'.repeat(40);
const before = 'b'.repeat(40);
const zeros = '0'.repeat(40);
const github = { GITHUB_ACTIONS: 'true', GITHUB_SHA: sha };
const gitlab = { GITLAB_CI: 'true', CI_DEFAULT_BRANCH: 'trunk' };
const request = { ...gitlab, CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'trunk' };
const bitbucket = { BITBUCKET_BUILD_NUMBER: '1' };

type Row = readonly [string, Env, EventFile, number, string, readonly string[]];
const rows: readonly Row[] = [
  [
    'pull request, test merge',
    { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' },
    {},
    2,
    'GitHub pull request',
    ['HEAD^1', 'origin/main', 'main'],
  ],
  [
    'pull request, its own head checked out, which is a merge',
    { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main', GITHUB_SHA: before },
    { pull_request: { base: { sha: zeros } } },
    2,
    'GitHub pull request',
    ['origin/main', 'main'],
  ],
  ['merge queue', { ...github, GITHUB_EVENT_NAME: 'merge_group' }, {}, 2, 'GitHub merge queue', ['HEAD^1']],
  [
    'merge queue that says what it builds upon',
    { ...github, GITHUB_EVENT_NAME: 'merge_group' },
    { merge_group: { base_sha: before, base_ref: 'refs/heads/main' } },
    1,
    'GitHub merge queue',
    [before, 'HEAD^1'],
  ],
  [
    'push to main',
    { ...github, GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: 'main' },
    { before },
    1,
    'GitHub push',
    [before, 'HEAD^1'],
  ],
  [
    'a new branch',
    { ...github, GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: 'x' },
    { before: zeros, repository: { default_branch: 'trunk' } },
    1,
    'GitHub push',
    ['origin/trunk', 'trunk', 'HEAD^1'],
  ],
  ['every night', { ...github, GITHUB_EVENT_NAME: 'schedule' }, {}, 1, 'GitHub schedule', ['HEAD']],
  [
    'merge request',
    { ...request, CI_MERGE_REQUEST_EVENT_TYPE: 'detached', CI_MERGE_REQUEST_DIFF_BASE_SHA: before },
    {},
    2,
    'GitLab pull request',
    [before, 'origin/trunk', 'trunk'],
  ],
  [
    'merged result',
    { ...request, CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result', CI_MERGE_REQUEST_DIFF_BASE_SHA: before },
    {},
    2,
    'GitLab pull request',
    ['HEAD^1', before, 'origin/trunk', 'trunk'],
  ],
  [
    'push on GitLab',
    { ...gitlab, CI_COMMIT_BRANCH: 'trunk', CI_COMMIT_BEFORE_SHA: zeros },
    {},
    1,
    'GitLab push',
    ['HEAD^1'],
  ],
  ['every night on GitLab', { ...gitlab, CI_PIPELINE_SOURCE: 'schedule' }, {}, 1, 'GitLab schedule', ['HEAD']],
  [
    'pull request on Bitbucket',
    {
      ...bitbucket,
      BITBUCKET_PR_ID: '3',
      BITBUCKET_PR_DESTINATION_BRANCH: 'dev',
      BITBUCKET_PR_DESTINATION_COMMIT: 'abc1234',
    },
    {},
    1,
    'Bitbucket pull request',
    ['abc1234', 'origin/dev', 'dev'],
  ],
  ['push on Bitbucket', { ...bitbucket, BITBUCKET_BRANCH: 'main' }, {}, 1, 'Bitbucket push', ['HEAD^1']],
  ['a person', {}, {}, 1, 'git local', ['origin/main', 'main', 'origin/master', 'master', 'HEAD^1']],
];

describe('the base', () => {
  it.each(rows)('%s', (_, env, event, parents, happened, refs) => {
    const base = chooseCiBase(env, event, { parents, sha });
    expect(`${base.host} ${base.event}`).toBe(happened);
    expect(base.candidates.map(({ ref }) => ref)).toEqual(refs);
    expect(base.candidates.filter(({ ancestor }) => ancestor).map(({ ref }) => ref)).toEqual(
      refs.includes(before) && /push|queue/.test(happened) ? [before] : [],
    );
  });

  it('the one that is asked for wins; auto asks for none', () => {
    const env = { ...github, GITHUB_EVENT_NAME: 'merge_group' };
    const refs = (asked: string): string[] =>
      chooseCiBase(env, {}, { parents: 2, sha }, asked).candidates.map(({ ref }) => ref);
    expect([refs('v1'), refs('auto')]).toEqual([['v1'], ['HEAD^1']]);
  });
});
