import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { mustRun, runCommand } from './command.ts';
import type { Places } from './dependencies.ts';
import { nulList, tryGit } from './git.ts';
import { nxProgram } from '../nx-program.ts';
import type { PlannedBenchmark } from '../plan.ts';
import { isOwn, packageFolder, packagesOutside } from './packages-outside.ts';
import { isInside } from './worktree.ts';

/**
 * Own packages of which benchmarks execute built output, from the top of the repository, what one needs before it:
 * packages that the bundles import and do not take in as source, and those of ignored files that bundles or the
 * commands of targets name. Empty when everything is bundled from source.
 */
export async function packagesToBuild(
  benchmarks: readonly PlannedBenchmark[],
  root: string,
  toplevel: string,
): Promise<string[]> {
  const bundles = [...new Map(benchmarks.map(({ bundle }) => [bundle.file, bundle])).values()];
  const { own } = await packagesOutside(bundles, toplevel);
  const named = benchmarks.flatMap(({ target }) =>
    target?.kind === 'command' ? target.command.map((word) => resolve(root, target.cwd ?? '.', word)) : [],
  );
  const files = [...bundles.flatMap(({ inputs }) => inputs), ...named].filter((file) => isOwn(toplevel, file));
  const built = await ignored(files, toplevel);
  const folders = [...own, ...built.map((file) => packageFolder(toplevel, file))];
  const buildable = await Promise.all(folders.map(async (folder) => ((await hasBuild(folder)) ? [folder] : [])));
  return [...new Set(buildable.flat().map((folder) => relative(toplevel, folder)))];
}

/** Those that git ignores: nobody wrote them by hand. */
async function ignored(files: readonly string[], toplevel: string): Promise<string[]> {
  if (files.length === 0) return [];
  const paths = files.map((file) => relative(toplevel, file)).filter((path) => path !== '');
  const { stdout } = await tryGit(toplevel, ['check-ignore', '-z', '--stdin'], `${paths.join('\0')}\0`);
  return nulList(stdout).map((path) => join(toplevel, path));
}

async function hasBuild(folder: string): Promise<boolean> {
  try {
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    return scripts?.['build'] !== undefined || existsSync(join(folder, 'project.json'));
  } catch {
    return existsSync(join(folder, 'project.json'));
  }
}

/** Builds packages of one checkout: with Nx and the cache of head where there is one, else with their build scripts. */
export async function buildPackages(
  folders: readonly string[],
  side: 'base' | 'head',
  { head, base }: Places,
  signal?: AbortSignal,
): Promise<void> {
  if (folders.length === 0) return;
  const checkout = side === 'base' ? base : head;
  const nx = existsSync(join(checkout, 'nx.json')) ? nxProgram(checkout) : undefined;
  if (nx !== undefined) {
    const projects = folders.map((folder) => `directory:${folder.split(sep).join('/')}`).join(',');
    const words = [nx, 'run-many', '-t', 'build', '-p', projects, '--output-style=static'];
    await mustRun(process.execPath, words, { cwd: checkout, signal, env: await nxEnvironment(head) });
    return;
  }
  const [program, ...words] = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
  for (const folder of folders) {
    await mustRun(program, [...words, 'run', 'build'], { cwd: join(checkout, folder), signal });
  }
}

/**
 * What lets Nx find in base what head has built. Newer versions keep one cache for all worktrees of a repository by
 * themselves; for others both folders are named: with the cache alone, Nx refuses its entries as foreign.
 */
async function nxEnvironment(head: string): Promise<NodeJS.ProcessEnv> {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const folders = await nxFolders(head);
  if (folders === undefined || !isInside(head, folders.cache)) return env;
  return { ...env, NX_CACHE_DIRECTORY: folders.cache, NX_WORKSPACE_DATA_DIRECTORY: folders.data };
}

/** Where the Nx of a checkout keeps its cache and its data, as it says itself. */
async function nxFolders(head: string): Promise<{ cache: string; data: string } | undefined> {
  const nx = join(head, 'node_modules', 'nx');
  const file = ['dist/src', 'src'].map((folder) => join(nx, folder, 'utils', 'cache-directory.js')).find(existsSync);
  if (file === undefined) return undefined;
  const program = `const at = require(${JSON.stringify(file)});
    console.log(JSON.stringify({ cache: at.cacheDir, data: at.workspaceDataDirectory }));`;
  const { code, stdout } = await runCommand(process.execPath, ['-e', program], { cwd: head });
  return code === 0 ? (JSON.parse(stdout) as { cache: string; data: string }) : undefined;
}
