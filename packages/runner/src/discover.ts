import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { usageError } from '@perfkeel/core';
import { glob } from 'tinyglobby';

export const defaultInclude: readonly string[] = ['**/*.perf.{ts,mts,cts,tsx,js,mjs,cjs,jsx}'];
/** The names that `defaultInclude` takes. */
export const perfFileName = /\.perf\.(?:[cm]?[jt]s|[jt]sx)$/;
const alwaysExcluded = ['**/node_modules/**', '**/dist/**', '**/.*/**'];

export interface DiscoverOptions {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /**
   * Words of the command line. One that names a file or folder selects files; any other selects benchmarks by a part of
   * their names, or else of the paths of their files.
   */
  readonly filters?: readonly string[] | undefined;
  /** Where paths among the filters start from. @default the root */
  readonly cwd?: string | undefined;
  /** Where else they start from, such as the workspace of a project. @default the root */
  readonly wordsFrom?: string | undefined;
}

export interface Discovered {
  /** Absolute, sorted. */
  readonly files: readonly string[];
  /** The filters that are not paths: parts of benchmark names, or of paths. */
  readonly names: readonly string[];
  /** Perf files of the project that paths among the filters leave out. Absolute. */
  readonly others: readonly string[];
}

const looksLikeFile = (word: string): boolean => perfFileName.test(word);

/** Finds perf files below a folder. @throws PerfError `no-such-file` (exit 2) for a perf file that is not there. */
export async function discover(root: string, options: DiscoverOptions = {}): Promise<Discovered> {
  const { filters = [], cwd = root, wordsFrom = root } = options;
  // Where the user stands, or below the project: both are what a user may mean.
  const pathOf = (word: string): string | undefined =>
    [resolve(cwd, word), resolve(wordsFrom, word)].find((path) => existsSync(path));
  const missing = filters.find((word) => looksLikeFile(word) && pathOf(word) === undefined);
  if (missing !== undefined) {
    throw usageError(`there is no perf file ${missing} in ${root}`, {
      code: 'no-such-file',
      hint: 'Paths start from the current folder or from that of perf.config; without any, every *.perf.ts is measured.',
    });
  }
  const paths = filters.flatMap((word) => pathOf(word) ?? []);
  const named = paths.filter((path) => statSync(path).isFile());
  const folders = paths.filter((path) => statSync(path).isDirectory());
  const found = await glob([...(options.include ?? defaultInclude)], {
    cwd: root,
    absolute: true,
    ignore: [...alwaysExcluded, ...(options.exclude ?? [])],
  });
  const isBelow = (folder: string, file: string): boolean => resolve(file).startsWith(folder + sep);
  const silent = folders.find((folder) => !found.some((file) => isBelow(folder, file)));
  if (silent !== undefined) await refuseExcluded(root, silent, options, (file) => isBelow(silent, file));
  const below = (file: string): boolean => folders.some((folder) => isBelow(folder, file));
  const files = paths.length === 0 ? found : [...named, ...found.filter(below)];
  const chosen = new Set(files.map((file) => resolve(file)));
  return {
    files: [...chosen].sort(),
    others: found.map((file) => resolve(file)).filter((file) => !chosen.has(file)),
    names: filters.filter((word) => pathOf(word) === undefined),
  };
}

/** Who names a folder whose files are all excluded would otherwise hear that there is nothing in it. */
async function refuseExcluded(
  root: string,
  folder: string,
  { include, exclude = [] }: DiscoverOptions,
  isBelow: (file: string) => boolean,
): Promise<void> {
  const all = await glob([...(include ?? defaultInclude)], { cwd: root, absolute: true, ignore: alwaysExcluded });
  const excluded = all.filter(isBelow).sort();
  if (excluded.length === 0) return;
  const name = relative(root, folder);
  const files = excluded.length === 1 ? 'the perf file' : `all ${excluded.length} perf files`;
  throw usageError(`${files} in ${name} ${excluded.length === 1 ? 'is' : 'are'} excluded: ${exclude.join(', ')}`, {
    code: 'excluded-folder',
    hint: `Name a file to measure it all the same: ${relative(root, excluded[0]!)}; or change "exclude" in perf.config.`,
  });
}
