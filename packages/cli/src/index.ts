export {
  bench,
  consume,
  latency,
  protocol,
  startup,
  type BenchFamilyOptions,
  type BenchObjective,
  type BenchOptions,
  type LatencyCall,
  type LatencyComponent,
  type LatencyObjective,
  type LatencyOptions,
  type LatencyRequest,
  type Protocol,
  type ProtocolOptions,
  type Ready,
  type StartupObjective,
  type StartupOptions,
  type StartupVariantOptions,
  type StartupVariants,
} from '@perfkeel/latency';
export { load, type LoadOptions } from '@perfkeel/load';
export { leak, type LeakOptions } from '@perfkeel/memory';
export { PerfError, defineConfig, target, type Objective, type PerfConfig, type TargetOptions } from '@perfkeel/core';
