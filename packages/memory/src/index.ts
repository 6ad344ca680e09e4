export {
  analyzeChannels,
  type ChannelAnalysis,
  type ChannelOptions,
  type LeakChannels,
} from './analysis/analyze-channels.ts';
export {
  analyzeLeakSeries,
  type LeakAnalysis,
  type LeakAnalysisOptions,
  type LeakReason,
  type LeakVerdict,
} from './analysis/analyze-leak-series.ts';
export { projectGrowth, type Projection } from './analysis/project-growth.ts';
export { describeLeak, describeResolution } from './describe-leak.ts';
export { detectLeak, type LeakReport } from './detect-leak.ts';
export { type LeakRequest } from './http-work.ts';
export { defaultGrowthObjective, leak } from './leak.ts';
export {
  type BoundedContainer,
  type CycleLeak,
  type DuringLeak,
  type LeakObjective,
  type LeakOptions,
  type RequestLeak,
} from './leak-options.ts';
export { describeCleanUp } from './clean-up/clean-up-metrics.ts';
export { givenBack, type GivenBack, type LoadCleanUp } from './clean-up/clean-up.ts';
export { growthPerPhase, type PhaseGrowth, type PhaseStep } from './phases/phase-growth.ts';
export { type Mark } from './phases/phase-marks.ts';
export { describePhase } from './phases/phase-metrics.ts';
export { type SnapshotMoment } from './keep-snapshots.ts';
export { type ProjectionOptions } from './leak-projections.ts';
export { describeIdle, measureIdle, type IdleGrowth } from './idle-growth.ts';
export { heapAfterGc } from './leak-measurements.ts';
export { type DetectLeakOptions, type SamplingOptions } from './leak-plan.ts';
export { type LeakPoint, type MemorySample } from './memory-sample.ts';
export { attachTo, type AttachOptions } from './target/attach-to.ts';
export { type ChildOptions } from './target/child-plan.ts';
export {
  type Collection,
  type CollectionKind,
  type MemoryChannels,
  type MemoryReading,
  type MemoryTarget,
  type ReadOptions,
  type SizeChannel,
  type TargetEnd,
  type TargetKind,
} from './target/memory-target.ts';
export { thisProcess } from './target/this-process.ts';
export { startChild, type ChildTarget } from './target/start-child.ts';
export { watchPid } from './target/watch-pid.ts';
export { watchWorker } from './target/watch-worker.ts';
export {
  allocationProfile,
  biggestRetainers,
  diffGrowth,
  explainGrowth,
  growthBetween,
  heapClasses,
  HeapGraph,
  memoryRoom,
  openSnapshot,
  ownProcess,
  pathsFromRoot,
  snapshotOf,
  takeSnapshot,
  type AllocationProfile,
  type AllocationProfileOptions,
  type AllocationSite,
  type BigRetainer,
  type DiffGrowthOptions,
  type ExplainGrowthOptions,
  type GrowthFinding,
  type HeapClass,
  type HeapColumns,
  type HeapEdge,
  type HeapProfile,
  type MemoryRoom,
  type RootPaths,
  type SnapshotInfo,
  type SnapshotSource,
  type TakeSnapshotOptions,
} from './snapshot/index.ts';
export {
  createMonitor,
  type MemoryMonitor,
  type MemoryTimeline,
  type MonitorOptions,
} from './monitor/create-monitor.ts';
export {
  type MonitorCollection,
  type MonitorEvent,
  type MonitorHeader,
  type MonitorMark,
  type MonitorSample,
} from './monitor/monitor-event.ts';
export { readTimeline } from './monitor/read-timeline.ts';
export {
  summariseTimeline,
  type CollectionSummary,
  type MonitorSummary,
  type Peaks,
  type PhaseSummary,
} from './monitor/summarise-timeline.ts';
export { type Approach, type CleanUp, type LimitUse } from './limits/approaches.ts';
export { classifyEnd, type ClassifiedEnd, type EndFacts, type LimitOutcome } from './limits/classify-end.ts';
export { type LimitOptions } from './limits/limit-plan.ts';
export { runWithLimit, type LimitReport } from './limits/run-with-limit.ts';
export { analyzeSoak, type SegmentGrowth, type SoakAnalysis } from './soak/analyze-soak.ts';
export { type SoakHeader, type SoakLine, type SoakPhase } from './soak/soak-line.ts';
export { type SoakOptions, type SoakWork } from './soak/soak-plan.ts';
export { readSoak, soak, type SoakReport } from './soak/soak.ts';
