import { nearest } from '@perfkeel/core';
import { tryGit } from './git.ts';

/** What to do about a name that git does not know: the branch or tag that was probably meant, where there is one. */
export async function refHint(toplevel: string, ref: string, otherwise: string): Promise<string> {
  const words = ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'];
  const names = (await tryGit(toplevel, words)).stdout.split('\n').filter((name) => name !== '');
  // What there is was meant: something else is wrong with it.
  const meant = names.includes(ref) ? undefined : nearest(ref, names);
  return meant === undefined ? otherwise : `Did you mean ${JSON.stringify(meant)}?`;
}
