export {
  bench,
  latency,
  startup,
  type BenchOptions,
  type LatencyCall,
  type LatencyOptions,
  type StartupOptions,
} from '@perfkeel/latency';
export { load, type LoadOptions } from '@perfkeel/load';
export { leak, type LeakOptions } from '@perfkeel/memory';
export { PerfError, defineConfig, target, type Objective, type PerfConfig, type TargetOptions } from '@perfkeel/core';
