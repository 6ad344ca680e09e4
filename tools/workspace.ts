import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of a package.json that the workspace's own tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly repository?: { readonly directory?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A folder with a package.json. `path` is relative to the root, with `/`, and `''` for the root itself. */
export interface Workspace {
  readonly path: string;
  readonly manifest: Manifest;
}

export const root = fileURLToPath(new URL('..', import.meta.url));

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Every file that belongs to the repository: tracked, or new and not ignored. Relative to the root, with `/`. */
export const files: readonly string[] = listFiles();

function listFiles(): string[] {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', arguments_, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const names = new Set(output.split('\0').filter((name) => name !== ''));
  return [...names].filter((name) => existsSync(join(root, name))).sort();
}

/** The root, the packages, the examples and the benchmarks, each by its package.json. */
export const workspaces: readonly Workspace[] = files
  .filter((file) => (file === 'package.json' || file.endsWith('/package.json')) && !file.includes('/fixtures/'))
  .map((file) => ({
    path: file.slice(0, -'/package.json'.length),
    manifest: JSON.parse(read(file)) as Manifest,
  }));

/** What is published: everything directly below packages/. */
export const packages: readonly Workspace[] = workspaces.filter(
  ({ path, manifest }) => /^packages\/[^/]+$/.test(path) && manifest.private !== true,
);

/** The files of one workspace, without those of a workspace inside it. */
export function filesOf({ path }: Workspace): string[] {
  const inner = workspaces.map((other) => other.path).filter((other) => other !== path && isBelow(other, path));
  return files.filter((file) => isBelow(file, path) && !inner.some((other) => isBelow(file, other)));
}

const isBelow = (file: string, folder: string): boolean => folder === '' || file.startsWith(`${folder}/`);

export const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file) && !/\.d\.[cm]?ts$/.test(file);

export const isTest = (file: string): boolean => /\.test\.ts$/.test(file) || /^packages\/[^/]+\/test\//.test(file);

/** What is built and published: TypeScript below `src`, without its tests. */
export const sourcesOf = (workspace: Workspace): string[] =>
  filesOf(workspace).filter((file) => file.startsWith(`${workspace.path}/src/`) && isTypeScript(file) && !isTest(file));
