import { usageError } from '@perfkeel/core';
import { askGit } from '@perfkeel/runner';
import type { ResolvedConfig } from './config.ts';

/**
 * Whether there is a place for the records, told before anything is measured. Only what this machine knows is asked: a
 * remote that cannot be reached for a moment must not keep anybody from measuring.
 *
 * @throws PerfError `bad-store`, exit code 2, for the name of a git remote that nobody has added
 */
export async function checkStore({ root, records = '' }: Pick<ResolvedConfig, 'root' | 'records'>): Promise<void> {
  const [, written] = /^git(?:\+branch)?:(.*)$/.exec(records) ?? [];
  if (written === undefined || /[/\\:]/.test(written)) return;
  const remote = written || 'origin';
  if ((await askGit(root, ['remote', 'get-url', remote])) !== undefined) return;
  const remotes = (await askGit(root, ['remote']))?.split('\n').filter((name) => name !== '');
  const known = remotes === undefined ? 'this is no git repository' : `it has ${remotes.join(', ') || 'no remote'}`;
  throw usageError(`store ${JSON.stringify(records)}: git knows no remote ${remote}, ${known}; nothing was measured`, {
    code: 'bad-store',
    hint: `Add it, git remote add ${remote} <url>, or leave "store" out of perf.config: records are kept in .perf then.`,
  });
}
