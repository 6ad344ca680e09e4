import { inferPerfTargets } from './infer.ts';

export { type PerfPluginOptions } from './options.ts';
export { postTasksExecution } from './summarise-tasks.ts';

export const createNodes = inferPerfTargets;

/** The name under which Nx 20 and 21 call the same function. */
export const createNodesV2 = inferPerfTargets;

/** Nx 21 and older assign `name` to the module unless it is there, and an ES module is frozen. */
export const name = '@perfkeel/nx';
