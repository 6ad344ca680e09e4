export { runMemlabAnalysis, type MemlabAnalysis } from './analyses.ts';
export { memlabRetainedSizes, type MemlabOptions, type MemlabSizes } from './retained-sizes.ts';
