import { sep } from 'node:path';
import { perfFileName } from '../discover.ts';
import { git, nulList } from './git.ts';

/** What a changed file can do to a benchmark. */
export type FileClass =
  /** Nothing: prose, tests, settings of editors. */
  | 'inert'
  /** It is in the bundle, or decides which packages are outside of it, where it is seen. */
  | 'seen'
  /** Code: seen where it is in the bundle, and not where another process runs it. */
  | 'source'
  /** Anything that code may read. */
  | 'data';

const inert = [
  /(^|\/)(readme|license|licence|changelog|contributing|authors|codeowners|security|notice)(\.[a-z]+)?$/i,
  /(^|\/)\.(gitignore|gitattributes|gitkeep|editorconfig|prettierrc|prettierignore|eslintrc|nvmrc|mailmap)[^/]*$/,
  /(^|\/)(eslint|prettier|vitest|jest)\.config\.[cm]?[jt]s$/,
  /(^|\/)(\.github|\.vscode|\.idea|\.changeset|\.husky|\.perf|\.perfkeel|node_modules|coverage)(\/|$)/,
  /(^|\/)docs?\//,
  /\.(test|spec)\.[cm]?[jt]sx?$/,
  perfFileName,
  /(^|\/)perf\.config\.[cm]?[jt]s$/,
];
/** Prose, unless it lies where input for programs lies. */
const prose = /\.(md|mdx)$/i;
const inputFolder = /(^|\/)(fixtures?|data|samples?|perf|bench|benchmarks?|test|tests|__fixtures__)\//i;
const seen = /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
const seenByBundler = /(^|\/)tsconfig[^/]*\.json$/;
const source = /\.[cm]?[jt]sx?$/;

/** The class of a file by its path from the top of the repository. */
export function classOfFile(path: string): FileClass {
  if (inert.some((pattern) => pattern.test(path))) return 'inert';
  if (prose.test(path)) return inputFolder.test(path) ? 'data' : 'inert';
  if (seen.test(path) || seenByBundler.test(path)) return 'seen';
  return source.test(path) ? 'source' : 'data';
}

/** Files that differ between a commit and the working tree, new ones included; paths from the top. */
export async function changedFiles(toplevel: string, sha: string): Promise<string[]> {
  const changed = await git(toplevel, ['diff', '--name-only', '--no-renames', '-z', sha, '--']);
  const untracked = await git(toplevel, ['ls-files', '--others', '--exclude-standard', '-z']);
  return [...new Set([...nulList(changed), ...nulList(untracked)])].map((path) => path.split(sep).join('/'));
}
