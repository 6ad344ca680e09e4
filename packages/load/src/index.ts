export {
  createArrivalSchedule,
  type ArrivalProcess,
  type ArrivalSchedule,
  type ArrivalScheduleOptions,
} from './arrival-schedule.ts';
export { defaultErrorObjective, fewRequestsErrorObjective } from './default-objective.ts';
export { failureKinds, type Failure, type FailureKind } from './failure.ts';
export { generateLoad, type GenerateLoadOptions, type LoadContext } from './generate-load.ts';
export { load } from './load.ts';
export type { ClosedPace, LoadOptions, LoadPace, LoadPlace, LoadWork, OpenPace } from './load-options.ts';
export type { FailureCounts } from './load-recorder.ts';
export type { LoadResult } from './load-result.ts';
export { prepareRequest, type PreparedRequest, type RequestOptions } from './prepared-request.ts';
export { mixRequests } from './request-mix.ts';
export { createTimeline, type Timeline, type TimelineOptions, type Window } from './timeline.ts';
