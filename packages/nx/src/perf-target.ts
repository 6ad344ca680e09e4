import type { NxJsonConfiguration, TargetConfiguration } from '@nx/devkit';

// What cannot change a measurement. Not `test/**`: benchmarks like to read the fixtures of tests.
const inert = ['**/*.{md,mdx}', '**/*.{test,spec}.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', 'docs/**/*'];

/**
 * The settings without which a measurement means little. They also go into nx.json as the default of the target,
 * because an npm script of the same name replaces the inferred target, and would lose them.
 */
export const measuringDefaults = {
  // A result is not a function of its inputs: a replayed number would pass for a measured one.
  cache: false,
  // Nothing else runs meanwhile: another task on the machine is noise in every number.
  parallelism: false,
  dependsOn: ['build', '^build'],
} as const satisfies TargetConfiguration;

/**
 * The inferred target of the project at `root`, relative to the workspace, `'.'` for the workspace itself.
 *
 * Inputs are explicit: without them a file that `sharedGlobals` names would select only projects with dependencies.
 */
export function perfTarget(root: string, nxJson: Pick<NxJsonConfiguration, 'namedInputs'>): TargetConfiguration {
  // A workspace need not have `production`, and Nx runs nothing, silently, when a target names an unknown input.
  const dependencies = 'production' in (nxJson.namedInputs ?? {}) ? '^production' : '^default';
  return {
    // In the root of a workspace the command alone measures the projects below it as well, which have targets of their own.
    command: root === '.' ? 'perfkeel run --project .' : 'perfkeel run',
    options: { cwd: root },
    ...measuringDefaults,
    dependsOn: [...measuringDefaults.dependsOn],
    inputs: ['default', ...inert.map((glob) => `!{projectRoot}/${glob}`), dependencies],
    // Not all of .perf: where somebody caches the target all the same, Nx empties its outputs before it replays them, and
    // the stored runs and baselines of the project are in there.
    outputs: ['{projectRoot}/.perf/latest'],
    metadata: {
      technologies: ['perfkeel'],
      description: 'Measures the benchmarks of this project and judges their objectives',
      help: { command: 'npx perfkeel run --help', example: { args: ['--short'] } },
    },
  };
}
