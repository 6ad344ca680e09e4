export { biggestRetainers, type BigRetainer } from './biggest-retainers.ts';
export {
  allocationProfile,
  type AllocationProfile,
  type AllocationProfileOptions,
  type HeapProfile,
} from './allocation-profile.ts';
export { type AllocationSite } from './allocation-site.ts';
export { heapClasses, type HeapClass } from './classes.ts';
export { diffGrowth, growthBetween, type DiffGrowthOptions } from './diff-growth.ts';
export { explainGrowth, type ExplainGrowthOptions } from './explain-growth.ts';
export { type GrowthFinding } from './growth/growth-finding.ts';
export { type HeapColumns } from './heap-columns.ts';
export { HeapGraph, type HeapEdge } from './heap-graph.ts';
export { memoryRoom, type MemoryRoom } from './memory-room.ts';
export { openSnapshot } from './open-snapshot.ts';
export { pathsFromRoot, type RootPaths } from './paths-from-root.ts';
export { snapshotOf } from './snapshot-of.ts';
export { ownProcess, type SnapshotSource } from './snapshot-source.ts';
export { takeSnapshot, type SnapshotInfo, type TakeSnapshotOptions } from './take-snapshot.ts';
