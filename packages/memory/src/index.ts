export { analyzeChannels, type ChannelAnalysis, type ChannelOptions, type LeakChannels } from './analysis/analyze-channels.ts';
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
export { defaultGrowthObjective, leak, type LeakObjective, type LeakOptions } from './leak.ts';
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
export { ownProcess } from './target/own-process.ts';
export { startChild, type ChildTarget } from './target/start-child.ts';
export { watchPid } from './target/watch-pid.ts';
export { watchWorker } from './target/watch-worker.ts';
