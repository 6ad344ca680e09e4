import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CreateNodes, CreateNodesResultArray } from '@nx/devkit';
import { targetNameOf, type PerfPluginOptions } from './options.ts';
import { perfTarget } from './perf-target.ts';

/**
 * One narrow glob. `nx affected` selects every project when a deleted file matches the glob of any plugin, so the
 * perf files themselves must never be part of it.
 */
const configGlob = '**/perf.config.{ts,mts,cts,js,mjs,cjs}';

/** Gives every project that has a perf.config its target. */
export const inferPerfTargets: CreateNodes<PerfPluginOptions> = [
  configGlob,
  (files, options, context): CreateNodesResultArray => {
    const targetName = targetNameOf(options);
    return files
      .map((file) => ({ file, root: dirname(file) }))
      .filter(({ root }) => isProject(join(context.workspaceRoot, root)))
      .map(({ file, root }) => {
        const targets = { [targetName]: perfTarget(root, context.nxJsonConfiguration) };
        return [file, { projects: { [root]: { root, targets } } }] as const;
      });
  },
];

/**
 * Whether a folder is a project with a name. A perf.config in any other folder must not make one: a project without
 * a name breaks every Nx command of the workspace.
 */
function isProject(folder: string): boolean {
  if (existsSync(join(folder, 'project.json'))) return true;
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '';
  } catch {
    return false;
  }
}
