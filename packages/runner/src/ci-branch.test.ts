import { expect, it } from 'vitest';
import { ciBranch } from './ci-branch.ts';

const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);

it.each([
  ['a pull request', { GITHUB_HEAD_REF: 'topic', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: '7/merge' }, 'topic'],
  ['a push', { GITHUB_HEAD_REF: '', GITHUB_REF_TYPE: 'branch', GITHUB_SHA: sha, GITHUB_REF_NAME: 'main' }, 'main'],
  ['a tag', { GITHUB_REF_TYPE: 'tag', GITHUB_SHA: sha, GITHUB_REF_NAME: 'v1' }, undefined],
  ['an older commit', { GITHUB_REF_TYPE: 'branch', GITHUB_SHA: other, GITHUB_REF_NAME: 'main' }, undefined],
  ['a merge request', { CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic', CI_COMMIT_SHA: sha }, 'topic'],
  ['a push on GitLab', { CI_COMMIT_SHA: sha, CI_COMMIT_BRANCH: 'trunk' }, 'trunk'],
  ['a build on Bitbucket', { BITBUCKET_COMMIT: sha, BITBUCKET_BRANCH: 'dev' }, 'dev'],
  ['no CI system', {}, undefined],
])('%s', (_, env, branch) => {
  expect(ciBranch(env, sha)).toBe(branch);
});
