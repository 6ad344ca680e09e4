type Env = Readonly<Record<string, string | undefined>>;

/**
 * The branch of a commit that is checked out without one, as the CI system calls it: of a pull request its source.
 * `undefined` elsewhere, for tags, and where the system speaks of another commit.
 *
 * @param sha what is checked out
 */
export function ciBranch(env: Env, sha: string | undefined): string | undefined {
  const of = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  // What is checked out of a pull request is its last commit or its test merge, as the workflow wants it.
  const source = of('GITHUB_HEAD_REF') ?? of('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME');
  const into = of('GITHUB_BASE_REF') ?? of('CI_MERGE_REQUEST_TARGET_BRANCH_NAME');
  // A fork may call its branch as the one that it wants to be merged into: what is not merged is no run of that.
  if (source !== undefined) return source === into ? undefined : source;
  const commits = [
    of('GITHUB_REF_TYPE') === 'branch' ? ([of('GITHUB_SHA'), of('GITHUB_REF_NAME')] as const) : undefined,
    [of('CI_COMMIT_SHA'), of('CI_COMMIT_BRANCH')] as const,
    [of('BITBUCKET_COMMIT'), of('BITBUCKET_BRANCH')] as const,
  ];
  return commits.find((one) => one?.[0] !== undefined && one[0] === sha)?.[1];
}
