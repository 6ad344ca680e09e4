import { posix } from 'node:path';
import { perfFileName } from '../discover.ts';
import { classOfFile } from '../sides/changed-files.ts';
import type { ChangeClass } from './selection.ts';

const measures = [perfFileName, /(^|\/)perf\.config\.[cm]?[jt]s$/, /(^|\/)(perf|bench|benches|benchmarks?)\//] as const;
const lock = /^(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
const tsconfig = /^tsconfig[^/]*\.json$/;
const tsconfigOfTools = /^tsconfig\.(tests?|specs?|e2e|eslint|lint|docs?|vitest|jest)\.json$/;
const workspaceWide =
  /^(nx\.json|turbo\.json|lerna\.json|\.npmrc|\.nvmrc|\.node-version|\.tool-versions|\.yarnrc(\.yml)?|pnpm-workspace\.yaml|\.pnpmfile\.c?js|babel\.config\.[cm]?[jt]s(on)?|\.babelrc|\.swcrc|\.browserslistrc)$/;
const alsoInert = [
  /^\.git(modules|lab-ci\.yml)$/,
  /(^|\/)(\.travis\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|renovate\.json5?|codecov\.yml|typedoc\.json)$/,
  /(^|\/)(\.circleci|\.gitlab|\.nx|\.storybook)\//,
  // What an earlier `perfkeel ci` or `merge` has left.
  /(^|\/)perf-out\//,
  /(^|\/)(playwright|cypress|commitlint|lint-staged|knip)\.config\.[cm]?[jt]s$/,
  /(^|\/)vitest\.(workspace|setup)\.[cm]?[jt]s$/,
];
const code = /\.[cm]?[jt]sx?$/;
const ofTests = /(^|\/)(tests?|__tests__|__mocks__|e2e|cypress)\//;

/** Where a path is: in its project, and whether its folder is the workspace or one above it. */
export interface Place {
  /** The path from the folder of the project that owns it. */
  readonly within: string;
  readonly atRoot: boolean;
}

/** The class of a change by its path. */
export function classOfChange({ within, atRoot }: Place): ChangeClass {
  const name = posix.basename(within);
  if (lock.test(name)) return 'lock';
  if (name === 'package.json') return 'manifest';
  if (atRoot && workspaceWide.test(name)) return 'global';
  if (tsconfigOfTools.test(name)) return 'inert';
  if (tsconfig.test(name)) return atRoot ? 'global' : 'compiler';
  if (measures.some((pattern) => pattern.test(within))) {
    return /\.(md|mdx)$/i.test(name) && /^readme/i.test(name) ? 'inert' : 'benchmark';
  }
  if (classOfFile(within) === 'inert' || alsoInert.some((pattern) => pattern.test(within))) return 'inert';
  if (!code.test(within)) return 'data';
  return ofTests.test(within) ? 'inert' : 'source';
}

/** Whether a path lies among tests. */
export const isOfTests = (path: string): boolean => ofTests.test(path);

/** Whether a path is code, of whatever class. */
export const isCode = (path: string): boolean => code.test(path);
