export { capacity, type CapacityObjective, type CapacityOptions } from './capacity/capacity.ts';
export type { CapacityCondition, CapacitySearchOptions, CapacityWork } from './capacity/capacity-options.ts';
export { defaultErrorCondition } from './capacity/capacity-plan.ts';
export type { CapacityResult, CapacityTrial, ShareResult } from './capacity/capacity-result.ts';
export type { ClassificationGoal } from './capacity/load-record.ts';
export type { KneeEvidence, StepEvidence } from './capacity/knee-evidence.ts';
export { measureCapacity, type MeasureCapacityOptions } from './capacity/measure-capacity.ts';
export { measureScaling, type ScalingOptions, type ScalingResult } from './capacity/measure-scaling.ts';
export {
  searchCapacity,
  type PlannedTrial,
  type SearchEnd,
  type SearchGoal,
  type SearchReason,
  type TrialOutcome,
} from './capacity/search-capacity.ts';
export { fitUsl, leastUslPoints, type UslFit, type UslPoint } from './capacity/usl.ts';
export {
  concurrency,
  noViolations,
  type ConcurrencyObjective,
  type ConcurrencyOptions,
} from './concurrency/concurrency.ts';
export type {
  ConcurrencyCall,
  ConcurrencyHands,
  ConcurrencyPlace,
  ConcurrencySubject,
  LinearizableOptions,
  OperationIdentity,
} from './concurrency/concurrency-options.ts';
export type { ConcurrencyResult, ControlResult } from './concurrency/concurrency-result.ts';
export type { Finding, Invariant, Select, Violation } from './concurrency/invariant.ts';
export { atMost } from './concurrency/invariants/at-most.ts';
export { conserved, type ConservedOptions } from './concurrency/invariants/conserved.ts';
export { custom, type FindCounterexample } from './concurrency/invariants/custom.ts';
export { disjointRanges, type Range } from './concurrency/invariants/disjoint-ranges.ts';
export { exactlyOnce, type ExactlyOnceOptions } from './concurrency/invariants/exactly-once.ts';
export { monotonicPerClient } from './concurrency/invariants/monotonic-per-client.ts';
export { noLostUpdates, type NoLostUpdatesOptions } from './concurrency/invariants/no-lost-updates.ts';
export { uniqueValues } from './concurrency/invariants/unique-values.ts';
export type { InvariantFinding } from './concurrency/judge-histories.ts';
export { findLinearization, type Linearization } from './concurrency/linearizability/find-linearization.ts';
export {
  counterModel,
  queueModel,
  registerModel,
  type Effect,
  type QueueInput,
  type RegisterInput,
  type SequentialModel,
} from './concurrency/linearizability/sequential-model.ts';
export { measureConcurrency, type ConcurrencyContext } from './concurrency/measure-concurrency.ts';
export type { OperationHistory, Operation, Outcome } from './concurrency/operation.ts';
export { measureOverlap, type Overlap } from './concurrency/overlap.ts';
export { defaultErrorObjective, fewErrorObjective as fewRequestsErrorObjective } from '@perfkeel/core';
export type { Diagnosis, DiagnosisId } from './evidence/analysis/diagnosis.ts';
export type { EvidenceOptions } from './evidence/evidence-options.ts';
export type { EvidenceResult } from './evidence/evidence-result.ts';
export { parseExposition, type Exposition, type ExpositionSample } from './evidence/exposition/parse-exposition.ts';
export { bucketQuantile } from './evidence/signals/bucket-quantile.ts';
export type { ServerSignals, ServerTimes } from './evidence/signals/server-signals.ts';
export { failureKinds, type Failure, type FailureKind } from './failure.ts';
export type { AutocannonChoice, DriverChoice, DriverName, Http1Choice, UndiciChoice } from './drivers/driver-choice.ts';
export { generateLoad, type GenerateLoadOptions, type LoadContext } from './generate-load.ts';
export type { GeneratorHealth } from './health/generator-health.ts';
export { load } from './load.ts';
export type { LoadFamilyOptions } from './load-family.ts';
export type { LoadObjective } from './load-objectives.ts';
export type { LoadOptions, LoadPlace, LoadRequest, LoadWork } from './load-options.ts';
export type { EndpointResult, LoadResult, PhaseResult, RequestResult } from './load-result.ts';
export type { Over as LoadParameters, ParametersOf } from '@perfkeel/core';
export type { WindowObjective } from './planned-window.ts';
export { prepareRequest, type PreparedRequest, type RequestOptions } from './prepared-request.ts';
export type { ArrivalProcess } from './profile/arrival-process.ts';
export {
  createArrivalSchedule,
  type ArrivalSchedule,
  type ArrivalScheduleOptions,
  type ArrivalWalk,
  type Stripe,
} from './profile/arrival-schedule.ts';
export { clientChanges, type ClientChange } from './profile/client-curve.ts';
export type { ClosedPace, LoadPace, OpenPace, Ramp } from './profile/pace-options.ts';
export { constant, type Level, type Phase } from './profile/phase.ts';
export type { ClientStage, RateStage } from './profile/stage.ts';
export { parseStages, type Stages } from './profile/stages.ts';
export type { ThinkTimeOptions } from './profile/think-time.ts';
export type { ConnectionTimes } from './record/connection-tally.ts';
export type { LongCollection } from '@perfkeel/core';
export type { LoadInterval } from './record/load-series.ts';
export type { WorstWindow } from './record/window-watch.ts';
export type { FailureCounts } from './record/tally.ts';
export { mixRequests } from './request-mix.ts';
export type { LoadCall, LoadFunction } from './work/function-sender.ts';
export type { CsvRow } from './work/read-csv.ts';
export type { RequestTemplate, TemplateCall } from './work/request-template.ts';
export type { DataOptions } from './work/rows.ts';
export type { Captured, Step, StepAnswer, StepCall } from './work/step.ts';
