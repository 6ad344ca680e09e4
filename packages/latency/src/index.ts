export { bench, type BenchFamilyOptions, type BenchObjective, type BenchOptions } from './bench/bench.ts';
export { measureBench, type BenchResult, type BenchSubject } from './bench/measure-bench.ts';
export type { Trend } from './bench/steady-state.ts';
export type { WarmUp } from './bench/warm-up.ts';
export { monotonicClock } from './clock.ts';
export { calibrateClock, type ClockCalibration } from './clock-calibration.ts';
export { defaultErrorObjective, fewErrorObjective as fewCallsErrorObjective } from '@perfkeel/core';
export type { LongCollection } from '@perfkeel/core';
export type { LatencyMoment } from './latency/call-course.ts';
export type { LatencyComponent } from './latency/component-shares.ts';
export type { HttpComponent, HttpOptions, LatencyRequest, TlsTrust } from './latency/http-options.ts';
export type { LatencyCall, Mark } from './latency/latency-call.ts';
export type { LatencyObjective } from './latency/latency-objective.ts';
export type { LatencyResult } from './latency/latency-result.ts';
export type { LatencySubject } from './latency/latency-subject.ts';
export { latency, type LatencyOptions } from './latency/latency.ts';
export { measureLatency } from './latency/measure-latency.ts';
export type { MeasureContext } from './measure-context.ts';
export type { Over, ParametersOf } from '@perfkeel/core';
export { consume } from './protocol/consume.ts';
export type {
  FixtureContext,
  Implementation,
  PropertyContext,
  PropertyOutcome,
  SubjectContext,
} from './protocol/contract.ts';
export type { Violation } from './protocol/hold-properties.ts';
export type { Implementations } from './protocol/implementations.ts';
export type { MemberContext, PropertyOptions, Protocol, ScalingContext } from './protocol/protocol-type.ts';
export { protocol, type ProtocolOptions } from './protocol/protocol.ts';
export type { QualityObjective, QualityOptions } from './protocol/quality-member.ts';
export type { ProtocolBenchOptions, ProtocolLatencyOptions } from './protocol/timed-member.ts';
export { measureStartup, type StartupContext, type StartupResult } from './startup/measure-startup.ts';
export type { StartupSubject } from './startup/plan-startup.ts';
export type { Ready } from './startup/ready-condition.ts';
export { startup, type StartupObjective, type StartupOptions, type StartupVariantOptions } from './startup/startup.ts';
export { startupMetrics } from './startup/startup-metrics.ts';
export type { Start } from './startup/time-one-start.ts';
export type { StartupVariants } from './startup/variants.ts';
