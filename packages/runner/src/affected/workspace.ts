import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { isInside } from '../sides/worktree.ts';
import { readNxGraph } from './nx-graph.ts';
import { joinProjects, type Project, type ProjectGraph } from './project-graph.ts';

/** The workspace that a folder belongs to: its packages, and which needs which. */
export interface Workspace extends ProjectGraph {
  /** The folder of the workspace from the top of the repository; empty for the top. */
  readonly root: string;
  readonly source: 'nx' | 'packages';
  /** Why the graph may miss something. */
  readonly problem?: string | undefined;
}

/** With Nx its graph, joined with what package.json files say; without, these alone. */
export async function readWorkspace(folder: string, toplevel: string, signal?: AbortSignal): Promise<Workspace> {
  const absolute = await workspaceFolder(folder, toplevel);
  const root = fromTop(toplevel, absolute);
  const packages = await readPackages(absolute, root);
  if (!existsSync(join(absolute, 'nx.json'))) return { root, source: 'packages', projects: packages };
  const nx = await readNxGraph(absolute, root, signal);
  if (typeof nx === 'string') return { root, source: 'packages', projects: packages, problem: nx };
  return { root, source: 'nx', projects: joinProjects(packages, nx) };
}

/** A path from the top of the repository, with `/`. */
export const fromTop = (toplevel: string, path: string): string => relative(toplevel, path).split(sep).join('/');

/** The nearest folder upwards that holds a workspace with this folder in it; else that of the nearest package.json. */
export async function workspaceFolder(folder: string, toplevel: string): Promise<string> {
  let nearest: string | undefined;
  for (let at = folder; isInside(toplevel, at); at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) nearest ??= at;
    if (existsSync(join(at, 'nx.json'))) return at;
    const patterns = await workspacePatterns(at);
    if (patterns.length > 0) {
      const members = await memberFolders(at, patterns);
      if (nearest === undefined || nearest === at || members.includes(nearest)) return at;
    }
    if (dirname(at) === at) break;
  }
  return nearest ?? folder;
}

interface Manifest {
  readonly name?: string;
  readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function workspacePatterns(folder: string): Promise<string[]> {
  const { workspaces = [] } = await manifestOf(folder);
  const listed = Array.isArray(workspaces)
    ? (workspaces as string[])
    : ((workspaces as { packages?: string[] }).packages ?? []);
  return [...listed, ...(await pnpmPatterns(folder))];
}

/** The `packages` list of pnpm-workspace.yaml: one item a line, or all in brackets. */
async function pnpmPatterns(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'pnpm-workspace.yaml'), 'utf8').catch(() => '');
  const [, inline, block = ''] =
    /^packages:[ \t]*(?:\[([^\]]*)\]|\r?\n((?:[ \t]*(?:-.*|#.*)?\r?\n?)*))/m.exec(text) ?? [];
  const items = inline?.split(',') ?? [...block.matchAll(/^[ \t]*-[ \t]*(.*)$/gm)].map(([, item]) => item!);
  return items
    .map((item) =>
      item
        .replace(/\s#.*$/, '')
        .trim()
        .replace(/^(['"])(.*)\1$/, '$2'),
    )
    .filter((item) => item !== '');
}

async function memberFolders(folder: string, patterns: readonly string[]): Promise<string[]> {
  const manifest = (pattern: string): string => `${pattern.replace(/^\.\//, '').replace(/\/+$/, '')}/package.json`;
  const found = await glob(patterns.filter((pattern) => !pattern.startsWith('!')).map(manifest), {
    cwd: folder,
    ignore: ['**/node_modules/**', ...patterns.flatMap((one) => (one.startsWith('!') ? [manifest(one.slice(1))] : []))],
    absolute: true,
  });
  return found.map((file) => dirname(join(file))).sort();
}

async function readPackages(workspace: string, root: string): Promise<Project[]> {
  const folders = [workspace, ...(await memberFolders(workspace, await workspacePatterns(workspace)))];
  const manifests = await Promise.all(
    [...new Set(folders)].map(async (folder) => ({ folder, manifest: await manifestOf(folder) })),
  );
  const at = (folder: string): string => [root, fromTop(workspace, folder)].filter((part) => part !== '').join('/');
  const roots = new Map(
    manifests.flatMap(({ folder, manifest: { name } }) => (name ? [[name, at(folder)] as const] : [])),
  );
  return manifests.map(({ folder, manifest }) => {
    const { name, dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
    const needs = Object.keys({ ...devDependencies, ...peerDependencies, ...optionalDependencies, ...dependencies });
    const runtime = Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies });
    return {
      name: name ?? (at(folder) || 'workspace'),
      root: at(folder),
      needs: [...new Set(needs.flatMap((need) => roots.get(need) ?? []))],
      packages: runtime,
    };
  });
}
