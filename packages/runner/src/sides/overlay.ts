import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { git, gitLine } from './git.ts';
import type { Places } from './dependencies.ts';
import type { DeclaredFile } from '../plan.ts';
import { isOwn } from './packages-outside.ts';

/** Folders whose name says that what lies in them measures, and is not measured. */
const measuringFolder = /^(perf|bench|benches|benchmarks?)$/i;

/**
 * What of head is laid over base, so that both sides are measured with the same work: a perf file, and what it takes
 * in from its own folder when that is one of measuring (`perf`, `bench`). Absolute paths in head.
 */
export function workloadOf({ bundle: { source, inputs } }: DeclaredFile, toplevel: string): string[] {
  const folder = dirname(source);
  const helpers = measuringFolder.test(basename(folder))
    ? inputs.filter((input) => dirname(input) === folder && isOwn(toplevel, input))
    : [];
  return [...new Set([source, ...helpers])];
}

/** Copies files of head to the same places in base. */
export async function layOver(files: readonly string[], { head, base }: Places): Promise<void> {
  for (const file of files) {
    const copy = join(base, relative(head, file));
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file, copy);
  }
}

/** Puts back what the commit of base has in these places; returns whether it has the first one. */
export async function putBack(files: readonly string[], { head, base }: Places): Promise<boolean> {
  const known: boolean[] = [];
  for (const file of files) {
    const path = relative(head, file);
    const object = await gitLine(base, ['ls-files', '--stage', '--', path]);
    known.push(object !== undefined);
    if (object !== undefined) await git(base, ['checkout', '--quiet', '--', path]);
  }
  return known[0] ?? false;
}
