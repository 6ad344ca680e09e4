import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { discover, projectName, type PerfProject } from '@perfkeel/runner';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { foldersBelow } from './folders-below.ts';

/**
 * The projects of a workspace that have perf files: one for every perf.config in or below a folder and, outside of Nx,
 * where a perf target needs a perf.config, one for every other package with perf files.
 */
export async function perfProjects(config: ResolvedConfig, io: Io): Promise<PerfProject[]> {
  const nested = await nestedConfigs(config, io);
  const projects = await Promise.all(nested.map(async (one) => await projectOf(one, await filesOf(one, nested))));
  const own = await filesOf(config, nested);
  if (config.file !== undefined) projects.push(await projectOf(config, own));
  else if (!existsSync(join(config.root, 'nx.json'))) projects.push(...(await byPackage(own, config)));
  return projects.filter(({ files }) => files.length > 0).sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** A perf.config without a package is material of a test. */
async function nestedConfigs(config: ResolvedConfig, io: Io): Promise<ResolvedConfig[]> {
  const folders = await foldersBelow(config.root, /^perf\.config\.[cm]?[jt]s$/, config.exclude);
  const packages = folders.filter(
    (folder) =>
      folder !== config.root && ['package.json', 'project.json'].some((name) => existsSync(join(folder, name))),
  );
  return await Promise.all(packages.map((folder) => loadConfig(io, folder)));
}

async function filesOf(config: ResolvedConfig, others: readonly ResolvedConfig[]): Promise<string[]> {
  const inside = others.filter(({ root }) => root !== config.root && root.startsWith(config.root + sep));
  const { files } = await discover(config.root, { include: config.include, exclude: config.exclude });
  return files.filter((file) => !inside.some(({ root }) => file.startsWith(root + sep)));
}

const projectOf = async (
  { root, name, conditions }: Pick<ResolvedConfig, 'root' | 'name' | 'conditions'>,
  files: readonly string[],
): Promise<PerfProject> => ({ name: name ?? (await projectName(root)), root, files, conditions });

async function byPackage(files: readonly string[], { root: top, conditions }: ResolvedConfig): Promise<PerfProject[]> {
  const packages = new Map<string, string[]>();
  for (const file of files) {
    let folder = dirname(file);
    while (folder !== top && !existsSync(join(folder, 'package.json'))) folder = dirname(folder);
    packages.set(folder, [...(packages.get(folder) ?? []), file]);
  }
  return await Promise.all([...packages].map(([root, own]) => projectOf({ root, conditions, name: undefined }, own)));
}
