import { createRequire } from 'node:module';
import {
  addDependenciesToPackageJson,
  formatFiles,
  readNxJson,
  updateNxJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { targetNameOf } from '../options.ts';
import { registeredOptions, withPlugin } from './registration.ts';
import { withMeasuringDefaults } from './target-defaults.ts';

export interface InitOptions {
  readonly skipFormat?: boolean;
  /** Leaves package.json alone. */
  readonly skipPackageJson?: boolean;
  /** Asked by `nx add`: a version that the workspace already has stays. @default true */
  readonly keepExistingVersions?: boolean;
}

/**
 * Registers the plugin in nx.json with the defaults of its target, adds the command line tool, and has git ignore
 * results. Repeating it changes nothing.
 */
export default async function init(tree: Tree, options: InitOptions = {}): Promise<GeneratorCallback> {
  const nxJson = readNxJson(tree) ?? {};
  updateNxJson(tree, withMeasuringDefaults(withPlugin(nxJson), targetNameOf(registeredOptions(nxJson))));
  ignoreResults(tree);
  const hasManifest = tree.exists('package.json') && !options.skipPackageJson;
  const install = hasManifest ? addCommandLine(tree, options) : () => undefined;
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

function ignoreResults(tree: Tree): void {
  const present = tree.read('.gitignore', 'utf-8') ?? '';
  // Not `/.perf`, which is the workspace's alone: every project has one.
  if (/^(\*\*\/)?\.perf\/?\s*$/m.test(present)) return;
  tree.write('.gitignore', `${present}${present === '' || present.endsWith('\n') ? '' : '\n'}.perf\n`);
}

function addCommandLine(tree: Tree, { keepExistingVersions = true }: InitOptions): GeneratorCallback {
  const { version } = createRequire(import.meta.url)('@perfkeel/nx/package.json') as { version: string };
  return addDependenciesToPackageJson(tree, {}, { perfkeel: `^${version}` }, undefined, keepExistingVersions);
}
