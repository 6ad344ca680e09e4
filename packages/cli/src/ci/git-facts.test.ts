import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProvenance } from '@perfkeel/runner';
import { chooseCiBase } from './choose-ci-base.ts';
import type { Env, EventFile } from './event.ts';
import { findToplevel, headFacts, resolveBase } from './git-facts.ts';

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-test-')))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** `main` has two commits, of which `change` left the first, and has two of its own. */
function create(): { readonly root: string; readonly first: string; readonly second: string; readonly tip: string } {
  const root = join(folder, 'origin');
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', root]);
  const commit = (name: string): string => {
    writeFileSync(join(root, name), name);
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message', name);
    return git(root, 'rev-parse', 'HEAD');
  };
  const first = commit('one');
  git(root, 'checkout', '--quiet', '-b', 'change');
  commit('two');
  const tip = commit('three');
  git(root, 'checkout', '--quiet', 'main');
  const second = commit('four');
  return { root, first, second, tip };
}

async function baseOf(root: string, env: Env, before?: string): Promise<readonly [string, string]> {
  const head = await headFacts(await findToplevel(root));
  const found = await resolveBase(
    root,
    chooseCiBase({ ...env, GITHUB_SHA: head.sha }, { before }, head).candidates,
    head,
  );
  return [found.sha, found.why];
}
const pullRequest = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' };
const push = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: 'change' };

describe('the base in a real history', () => {
  it('of a test merge is the tip of the target; of the branch itself, where it left', async () => {
    const { root, first, second, tip } = create();
    git(root, 'checkout', '--quiet', tip);
    expect(await baseOf(root, pullRequest)).toEqual([first, 'where this branch left main']);
    git(root, 'checkout', '--quiet', second);
    git(root, 'merge', '--quiet', '--no-ff', '--message', 'merge', tip);
    expect((await baseOf(root, pullRequest))[0]).toBe(second);
  });

  it('and the folder that is meant win over what a hook of git names', async () => {
    const { root, first } = create();
    git(root, 'checkout', '--quiet', 'change');
    const inside = join(root, 'packages');
    mkdirSync(inside);
    process.env['GIT_DIR'] = join(folder, 'elsewhere');
    try {
      expect(await findToplevel(inside)).toBe(root);
      expect((await baseOf(inside, pullRequest))[0]).toBe(first);
      expect((await readProvenance(inside, 'test')).branch).toBe('change');
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('of a push is its former tip; after a forced push, where the branch left', async () => {
    const { root, first, second } = create();
    git(root, 'checkout', '--quiet', 'change');
    expect((await baseOf(root, push, first))[1]).toBe('the tip of the branch before this push');
    expect(await baseOf(root, push, second)).toEqual([first, 'where this branch left main']);
    expect(await baseOf(root, push, 'f'.repeat(40))).toEqual([first, 'where this branch left main']);
    expect(await baseOf(root, {})).toEqual([first, 'where this branch left main']);
  });

  it('of a detached HEAD or a tag on the default branch is the commit before, also in a shallow clone', async () => {
    const { root, first, second } = create();
    const clone = join(folder, 'clone');
    git(folder, 'clone', '--quiet', '--depth', '2', `file://${root}`, clone);
    git(clone, 'checkout', '--quiet', '--detach', second);
    const before = [first, 'the commit before this one, as HEAD is on origin/main'];
    expect(await baseOf(clone, {})).toEqual(before);
    expect(await baseOf(clone, { ...push, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' }, '0'.repeat(40))).toEqual(
      before,
    );
    git(clone, 'branch', '--quiet', 'master', first);
    expect(await baseOf(clone, {})).toEqual(before);
    git(clone, 'checkout', '--quiet', '-b', 'nothing-yet');
    expect(await baseOf(clone, {})).toEqual([second, 'where this branch left main']);
  });

  it('of the first commit is that commit, unless a person names another one', async () => {
    const { root, first } = create();
    git(root, 'checkout', '--quiet', first);
    git(root, 'branch', '--quiet', '--force', 'main', first);
    git(root, 'checkout', '--quiet', 'main');
    expect((await baseOf(root, {}))[0]).toBe(first);
    git(root, 'checkout', '--quiet', '--orphan', 'apart');
    git(root, 'commit', '--quiet', '--message', 'apart');
    await expect(baseOf(root, pullRequest)).rejects.toMatchObject({
      message: expect.stringContaining('none in common') as string,
    });
    const named = chooseCiBase({}, {}, await headFacts(root), 'nowhere').candidates;
    await expect(resolveBase(root, named, await headFacts(root))).rejects.toMatchObject({ code: 'no-base' });
  });

  it('of a merge queue is what it builds upon, however many commits it has rebased onto that', async () => {
    const { root, first } = create();
    git(root, 'checkout', '--quiet', 'change');
    const head = await headFacts(root);
    const queue = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'merge_group' };
    const { candidates } = chooseCiBase(queue, { merge_group: { base_sha: first } }, head);
    expect((await resolveBase(root, candidates, head)).sha).toBe(first);
  });

  it('that a person names is where HEAD left it, and that is said', async () => {
    const { root, first } = create();
    git(root, 'checkout', '--quiet', 'change');
    const named = async (ref: string): Promise<unknown> => {
      const head = await headFacts(root);
      return await resolveBase(root, chooseCiBase({}, {}, head, ref).candidates, head);
    };
    expect(await named('main')).toEqual({ sha: first, why: 'where HEAD left main, as --base says', branch: 'main' });
    expect(await named(first)).toEqual({ sha: first, why: 'as --base says' });
  });

  it('has the name of its branch, whether the CI system says it or git', async () => {
    const { root, first, tip } = create();
    const clone = join(folder, 'clone');
    git(folder, 'clone', '--quiet', root, clone);
    git(clone, 'checkout', '--quiet', '--detach', tip);
    const branchOf = async (env: Env, event: EventFile = {}, asked?: string): Promise<string | undefined> => {
      const { candidates } = chooseCiBase(env, event, { ...(await headFacts(clone)), parents: 1 }, asked);
      return (await resolveBase(clone, candidates, await headFacts(clone))).branch;
    };
    expect(await branchOf({ ...pullRequest })).toBe('main');
    expect(await branchOf({}, {}, 'origin/change')).toBe('change');
    expect(await branchOf({}, {}, first)).toBeUndefined();
    expect(await branchOf({ ...push, GITHUB_REF_NAME: 'topic' }, { before: first })).toBe('topic');
    const queued = { merge_group: { base_ref: 'refs/heads/release/1' } };
    expect(await branchOf({ ...push, GITHUB_EVENT_NAME: 'merge_group' }, queued)).toBe('release/1');
    const request = { GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'trunk' };
    expect(await branchOf({ ...request, CI_MERGE_REQUEST_DIFF_BASE_SHA: first })).toBe('trunk');
    const bitbucket = { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_PR_ID: '3', BITBUCKET_PR_DESTINATION_BRANCH: 'dev' };
    expect(await branchOf({ ...bitbucket, BITBUCKET_PR_DESTINATION_COMMIT: first })).toBe('dev');
  });

  it('is not guessed in a shallow clone: what to fetch', async () => {
    const { root } = create();
    const clone = join(folder, 'clone');
    git(folder, 'clone', '--quiet', '--depth', '2', '--branch', 'change', `file://${root}`, clone);
    for (const env of [pullRequest, push, {}]) {
      await expect(baseOf(clone, env, 'f'.repeat(40))).rejects.toMatchObject({
        ...{ code: 'no-base', exitCode: 2 },
        hint: expect.stringContaining('fetch-depth: 0') as string,
      });
    }
  });

  it('outside of a repository, without a commit, with a hostile name', async () => {
    await expect(findToplevel(folder)).rejects.toMatchObject({ code: 'not-a-repository' });
    const empty = join(folder, 'empty');
    execFileSync('git', ['init', '--quiet', empty]);
    await expect(headFacts(empty)).rejects.toMatchObject({ code: 'no-commit' });
    const { root } = create();
    await expect(resolveBase(root, [{ ref: 'mian', why: '' }], await headFacts(root))).rejects.toMatchObject({
      message: 'there is no commit to compare with: no branch, tag or commit is called "mian"',
      hint: 'Did you mean "main"?',
    });
    await expect(resolveBase(root, [{ ref: '--output=x', why: '' }], await headFacts(root))).rejects.toMatchObject({
      code: 'no-base',
    });
  });
});
