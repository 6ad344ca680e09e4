export { bench, latency, startup } from '@perfkeel/latency';
export { load } from '@perfkeel/load';
export { leak } from '@perfkeel/memory';
export { PerfError, defineConfig, target, type Objective, type PerfConfig, type TargetOptions } from '@perfkeel/core';
