export { type ChannelAnalysis, type LeakChannels } from './analysis/analyze-channels.ts';
export {
  analyzeLeakSeries,
  type LeakAnalysis,
  type LeakAnalysisOptions,
  type LeakReason,
  type LeakVerdict,
} from './analysis/analyze-leak-series.ts';
export { describeLeak, describeResolution } from './describe-leak.ts';
export { detectLeak, type LeakReport } from './detect-leak.ts';
export { defaultGrowthObjective, leak, type LeakObjective, type LeakOptions } from './leak.ts';
export { heapAfterGc } from './leak-measurements.ts';
export { type DetectLeakOptions, type SamplingOptions } from './leak-plan.ts';
export { type LeakPoint, type MemorySample } from './memory-sample.ts';
