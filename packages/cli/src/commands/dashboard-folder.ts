import { lstatSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '@perfkeel/core';
import type { DashboardPage } from '@perfkeel/report';
import { makeFolder } from '../make-folder.ts';
import { cannotWrite } from '../write-out.ts';

/** What became of the files of a folder. */
export interface WrittenSite {
  /** Relative paths of all files. */
  readonly paths: ReadonlySet<string>;
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Its presence says that everything of the names below was made here, and may be replaced. */
const mark = '.perfkeel-dashboard';

const [folders, files] = [
  ['c', 'e', 's'],
  ['index.html', 'changes.xml'],
] as const;

/**
 * Writes the pages of a dashboard: only those that differ from what is there, and takes away those that are no more.
 *
 * @throws PerfError `not-a-dashboard` (exit 2) when the folder holds files of such names that were not written here,
 *   `not-writable` (exit 4)
 */
export async function writeSite(folder: string, pages: AsyncIterable<DashboardPage>): Promise<WrittenSite> {
  const write = claim(folder) ? writeChanged : writeNew;
  const paths = new Set<string>();
  let written = 0;
  for await (const { path, text } of pages) {
    paths.add(path);
    if (write(join(folder, path), Buffer.from(text))) written++;
  }
  return { paths, written, unchanged: paths.size - written, removed: removeOthers(folder, paths) };
}

/** @returns whether something of an earlier writer may be there */
function claim(folder: string): boolean {
  const own = [...folders, ...files].map((name) => join(folder, name));
  // A link could lead to files of somebody else.
  const strange = own.find((path) => kindOf(path)?.isSymbolicLink());
  const known = kindOf(join(folder, mark))?.isFile() === true;
  const taken = strange ?? (known ? undefined : own.find((path) => kindOf(path) !== undefined));
  if (taken !== undefined) {
    throw usageError(`${folder} is no dashboard, and holds what a dashboard would replace: ${taken}`, {
      code: 'not-a-dashboard',
      hint: 'Name an empty folder, or one that an earlier perfkeel dashboard has written.',
    });
  }
  tried(folder, () => {
    makeFolder(folder);
    // First: whoever is interrupted after it can go on.
    if (!known)
      writeFileSync(join(folder, mark), 'written by perfkeel dashboard, which replaces c, e, s and the index\n');
    for (const name of folders) makeFolder(join(folder, name));
  });
  return known;
}

function kindOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function writeChanged(file: string, bytes: Buffer): boolean {
  if (contentOf(file)?.equals(bytes)) return false;
  tried(file, () => rmSync(`${file}.new`, { force: true }));
  return writeNew(file, bytes);
}

/** A reader sees the old file or the new one, never half of one. */
function writeNew(file: string, bytes: Buffer): true {
  tried(file, () => {
    writeFileSync(`${file}.new`, bytes, { flag: 'wx' });
    renameSync(`${file}.new`, file);
  });
  return true;
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Pages of series and commits that the store does not know any more, and what an interrupted writer left. */
function removeOthers(folder: string, paths: ReadonlySet<string>): number {
  const found = folders.flatMap((name) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`));
  const others = found.filter((path) => /\.html(?:\.new)?$/.test(path) && !paths.has(path));
  for (const path of others) tried(path, () => rmSync(join(folder, path), { force: true }));
  return others.length;
}

function tried(what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw cannotWrite(what, error, 'Name a folder that can be written: --out <folder>.');
  }
}
