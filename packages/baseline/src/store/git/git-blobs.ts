import type { Git } from './git-command.ts';
import { gitFailure } from './git-error.ts';

/** Stores contents in this clone, and gives their names. One process, however many there are. */
export async function writeBlobs(git: Git, remote: string, contents: readonly Uint8Array[]): Promise<string[]> {
  // `fast-import` writes packs, which for few objects is what a clone should not collect.
  const names: string[] = [];
  for (const content of contents) {
    const said = await git(['hash-object', '-w', '--stdin'], { input: content });
    if (said.code !== 0) throw gitFailure('write', remote, said);
    names.push(said.stdout.toString('utf8').trim());
  }
  return names;
}

/** The contents of objects that this clone has; `undefined` for those that it has not. One process for all. */
export async function readBlobs(
  git: Git,
  remote: string,
  names: readonly string[],
): Promise<(Uint8Array | undefined)[]> {
  const said = await git(['cat-file', '--batch'], { input: names.map((name) => `${name}\n`).join('') });
  if (said.code !== 0) throw gitFailure('read', remote, said);
  let at = 0;
  return names.map(() => {
    const end = said.stdout.indexOf(10, at);
    const [, type, size = '0'] = said.stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') {
      if (type !== 'missing') at += Number(size) + 1;
      return undefined;
    }
    const content = new Uint8Array(said.stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
    return content;
  });
}
