import { PerfError, messageOf, withoutCredentials } from '@perfkeel/core';
import type { GitOutput } from './git-command.ts';
import { lockIn } from './git-locks.ts';

/** What git advises behind its reason. */
const advice = /^(?:Please make sure you have the correct access rights|and the repository exists\.?)\s*$/;

/** Its last lines; of a lock that is taken the first, since what follows is advice for terminals. */
function lastLines(text: string): string {
  const lines = withoutCredentials(text)
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '' && !advice.test(line));
  const locked = lines.find((line) => lockIn(line) !== undefined);
  return locked ?? lines.slice(-3).join('; ');
}

function remedy(said: string, remote: string): string {
  const lock = lockIn(said);
  if (lock !== undefined) return `Delete ${lock} once no git runs in this clone: one that was ended left it.`;
  if (/ENOENT/.test(said)) return 'Install git, or set "store" in perf.config to a folder.';
  if (/not a git repository/.test(said)) return 'Use "store": "git:…" inside a git repository only.';
  if (/does not appear to be a git repository|No such remote|Could not read from remote|not found/.test(said)) {
    return `Name a remote that there is and that you may read: git remote -v, git ls-remote ${remote}.`;
  }
  if (/denied|declined|hook|protected|403|401/i.test(said)) {
    return 'The host refuses these refs: grant write access, or use the branch transport, "store": "git+branch:origin".';
  }
  return `Try it by hand: git ls-remote ${remote} 'refs/perfkeel/*'.`;
}

/** What git said, as an error of the store: exit code 4. */
export function gitFailure(
  verb: 'read' | 'write',
  remote: string,
  said: GitOutput | string,
  cause?: unknown,
): PerfError {
  const text = typeof said === 'string' ? said : said.stderr || said.stdout.toString('utf8');
  const shown = withoutCredentials(remote);
  return new PerfError(`cannot ${verb} the records on the git remote ${shown}: ${lastLines(text)}`, {
    code: verb === 'read' ? 'store-not-readable' : 'store-not-writable',
    hint: remedy(text, shown),
    cause,
  });
}

/** Git itself could not be started. */
export const noGit = (remote: string, error: unknown): PerfError =>
  gitFailure('read', remote, `ENOENT: ${messageOf(error)}`, error);
