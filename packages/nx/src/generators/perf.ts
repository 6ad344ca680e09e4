import {
  formatFiles,
  getProjects,
  joinPathFragments,
  logger,
  readJson,
  readNxJson,
  type GeneratorCallback,
  type ProjectConfiguration,
  type Tree,
} from '@nx/devkit';
import { exampleBenchmark, exampleConfig } from './example-files.ts';
import init from './init.ts';
import { registeredOptions } from './registration.ts';
import { targetNameOf } from '../options.ts';

export interface PerfOptions {
  /** The project that gets its first benchmark. */
  readonly project: string;
  readonly skipFormat?: boolean;
  /** Leaves package.json alone. */
  readonly skipPackageJson?: boolean;
}

/**
 * Writes a perf.config.ts and a first benchmark into a project, and registers the plugin when nobody has yet.
 *
 * @throws Error when there is no such project, or it has one of the files already.
 */
export default async function perf(tree: Tree, options: PerfOptions): Promise<GeneratorCallback> {
  const { root } = projectNamed(tree, options.project);
  const config = joinPathFragments(root, 'perf.config.ts');
  const example = joinPathFragments(root, 'perf/example.perf.ts');
  refuseToOverwrite(tree, [...configNames.map((name) => joinPathFragments(root, name)), example]);
  const install = await init(tree, { ...options, skipFormat: true });
  tree.write(config, exampleConfig);
  tree.write(example, exampleBenchmark);
  warnOfReplacement(tree, root, options.project);
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

const configNames = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((extension) => `perf.config.${extension}`);

function projectNamed(tree: Tree, name: string): ProjectConfiguration {
  const projects = getProjects(tree);
  const project = projects.get(name);
  if (project !== undefined) return project;
  const known = [...projects.keys()].sort();
  throw new Error(
    `There is no project ${JSON.stringify(name)}. ` +
      (known.length === 0 ? 'The workspace has no projects yet.' : `There are: ${known.slice(0, 20).join(', ')}.`),
  );
}

function refuseToOverwrite(tree: Tree, files: readonly string[]): void {
  const present = files.filter((file) => tree.exists(file));
  if (present.length === 0) return;
  throw new Error(`${present.join(' and ')} is there already. Remove it to start again; nothing was changed.`);
}

/** What a project writes itself wins over what a plugin infers, and Nx says nothing about it. */
function warnOfReplacement(tree: Tree, root: string, project: string): void {
  const target = targetNameOf(registeredOptions(readNxJson(tree)));
  for (const [name, key] of [
    ['package.json', 'scripts'],
    ['project.json', 'targets'],
  ] as const) {
    const file = joinPathFragments(root, name);
    if (!tree.exists(file)) continue;
    const own = readJson<Record<string, Record<string, unknown> | undefined>>(tree, file)[key]?.[target];
    if (own === undefined) continue;
    logger.warn(
      `${file} has its own "${target}" in ${key}: it replaces the target that this plugin infers, so that ` +
        `\`nx ${target} ${project}\` runs it and not the benchmarks. Rename it, or remove it.`,
    );
  }
}
