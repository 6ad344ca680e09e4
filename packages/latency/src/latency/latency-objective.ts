import type { Comparator, DurationText, PercentText, RateText, TimeStatistic } from '@perfkeel/core';

/** The declared components and what is left of a call; nothing when none are declared. */
type Parts<Component extends string> = [Component] extends [never] ? never : Component | 'rest';

/** What a latency benchmark can promise. `Component` names the parts of its calls. */
export type LatencyObjective<Component extends string = never> =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `${TimeStatistic} of ${Parts<Component>} ${Comparator} ${DurationText}`
  | `${Parts<Component>}-of-${'p50' | 'p99'} ${Comparator} ${PercentText}`
  | `throughput ${'>' | '>='} ${RateText}`
  | `errors ${Comparator} ${PercentText}`
  | 'errors = 0';
