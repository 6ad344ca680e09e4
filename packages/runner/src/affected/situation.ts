import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { nulList, tryGit } from '../sides/git.ts';
import { classOfChange } from './classify.ts';
import type { Lock } from './lock.ts';
import { manifestFacts, type ManifestFacts } from './manifest-facts.ts';
import { isBelow, ownerOf, withinProject, type Project } from './project-graph.ts';
import { textsOf, type Range, type RawChange } from './range.ts';
import { readLock } from './read-lock.ts';
import type { Change } from './selection.ts';
import type { Workspace } from './workspace.ts';

/** A change with the project that it belongs to. */
export interface OwnedChange extends Change {
  readonly owner: Project | undefined;
}

/** A lock file on both sides; `undefined` where it is not there or cannot be read. */
export interface LockChange {
  /** Its folder from the top of the repository. */
  readonly folder: string;
  readonly path: string;
  readonly before: Lock | undefined;
  readonly after: Lock | undefined;
}

/** Everything that is known before a perf file is looked at. */
export interface Situation {
  readonly toplevel: string;
  readonly workspace: Workspace;
  /** Every path that git keeps. */
  readonly tracked: ReadonlySet<string>;
  readonly changes: readonly OwnedChange[];
  readonly locks: readonly LockChange[];
  /** Texts of each changed package.json. */
  readonly manifests: ReadonlyMap<string, Texts>;
}

interface Texts {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Classes changes, and reads both sides of those that are compared by content. */
export async function readSituation(range: Range, workspace: Workspace, raw: readonly RawChange[]): Promise<Situation> {
  const changes = raw.map((change) => owned(change, workspace));
  const { toplevel } = range;
  const manifests = new Map<string, Texts>();
  for (const { path, class: kind } of changes) if (kind === 'manifest') manifests.set(path, await textsOf(range, path));
  const locks: LockChange[] = [];
  for (const { path, class: kind } of changes) {
    if (kind !== 'lock') continue;
    const texts = await textsOf(range, path);
    const side = (which: 'before' | 'after'): Lock | undefined =>
      readLock(path, texts[which], factsOf(which, folderOf(path), { toplevel, workspace, manifests }));
    locks.push({ folder: folderOf(path), path, before: side('before'), after: side('after') });
  }
  const tracked = new Set(nulList((await tryGit(toplevel, ['ls-files', '-z'])).stdout));
  return { toplevel, workspace, tracked, changes, locks, manifests };
}

/** What package.json files say on one side: those that did not change are in the working tree. */
function factsOf(
  which: 'before' | 'after',
  lockFolder: string,
  { toplevel, workspace, manifests }: Pick<Situation, 'toplevel' | 'workspace' | 'manifests'>,
): ManifestFacts {
  const folders = workspace.projects
    .filter(({ root }) => isBelow(lockFolder, root))
    .map(({ root }) => (lockFolder === '' ? root : root.slice(lockFolder.length + 1)));
  return manifestFacts(folders, (folder) => {
    const path = posix.join(lockFolder, folder, 'package.json');
    const changed = manifests.get(path);
    if (changed !== undefined) return changed[which];
    const file = join(toplevel, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  });
}

/** The folder of a path, empty for the top. */
export const folderOf = (path: string): string => {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
};

function owned({ path, status }: RawChange, workspace: Workspace): OwnedChange {
  const owner = ownerOf(workspace, path);
  const atRoot = isBelow(folderOf(path), workspace.root);
  return { path, status, owner, class: classOfChange({ within: withinProject(owner, path), atRoot }) };
}

const lockNames = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

/** The folder of the lock file that decides for a project: the nearest upwards. */
export function lockFolderOf({ toplevel, locks }: Situation, root: string): string | undefined {
  for (let folder = root; ; folder = folderOf(folder)) {
    const there = locks.some((lock) => lock.folder === folder);
    if (there || lockNames.some((name) => existsSync(join(toplevel, folder, name)))) return folder;
    if (folder === '') return undefined;
  }
}
