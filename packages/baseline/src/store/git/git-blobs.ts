import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git, GitCall } from './git-command.ts';
import { gitFailure } from './git-error.ts';

/** Stores contents in this clone, and gives their names. One process, however many there are. */
export async function writeBlobs(git: Git, remote: string, contents: readonly Uint8Array[]): Promise<string[]> {
  const hash = async (args: readonly string[], call: GitCall): Promise<string[]> => {
    const said = await git(['hash-object', '-w', ...args], call);
    const names = said.stdout.toString('utf8').trim().split('\n');
    if (said.code !== 0 || names.length !== contents.length) throw gitFailure('write', remote, said);
    return names;
  };
  const [first, ...more] = contents;
  if (first === undefined) return [];
  if (more.length === 0) return await hash(['--stdin'], { input: first });
  // `fast-import` needs no files, but writes packs, which is what a clone should not collect.
  const folder = await mkdtemp(join(tmpdir(), 'perfkeel-blobs-'));
  try {
    const files = contents.map((_, i) => join(folder, String(i)));
    for (const [i, content] of contents.entries()) await writeFile(files[i]!, content);
    const input = files.map((file) => `${file}\n`).join('');
    return await hash(['--no-filters', '--stdin-paths'], { input });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
