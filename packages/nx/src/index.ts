export { createNodes, createNodesV2, name, postTasksExecution, type PerfPluginOptions } from './plugin.ts';
