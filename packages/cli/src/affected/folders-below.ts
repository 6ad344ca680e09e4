import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const neverEntered = /^(node_modules|dist|coverage|\..*)$/;

/** Folders in and below one, sorted, that hold a file with such a name. Names of `exclude` are not entered. */
export async function foldersBelow(folder: string, name: RegExp, exclude: readonly string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const excluded = new Set(exclude.map((glob) => glob.replace(/^\*\*\/|\/(\*\*)?$/g, '')));
  const below = entries.filter(
    (entry) => entry.isDirectory() && !neverEntered.test(entry.name) && !excluded.has(entry.name),
  );
  const found = await Promise.all(below.map((entry) => foldersBelow(join(folder, entry.name), name, exclude)));
  return [
    ...(entries.some((entry) => entry.isFile() && name.test(entry.name)) ? [folder] : []),
    ...found.flat(),
  ].sort();
}
