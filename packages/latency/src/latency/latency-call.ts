import type { RunningTarget } from '@perfkeel/core';

/**
 * Ends a component: the time since the call's last mark, or since its start, belongs to `component`. A component that is
 * marked several times has the sum.
 */
export type Mark<Component extends string> = (component: Component) => void;

/** What each call of a latency benchmark is given. */
export interface LatencyCall<State = undefined, Component extends string = never, Parameters extends object = object> {
  /** What `setup` returned; shared by all calls. */
  readonly setup: State;
  /** The running target, when the benchmark names one. */
  readonly target: RunningTarget | undefined;
  /** Aborts when the measurement is to stop. */
  readonly signal: AbortSignal;
  /** Counts the calls of this round from 0, those of the warm-up included: no two calls have the same. */
  readonly index: number;
  /** This declaration's value of each parameter in `over`. */
  readonly parameters: Parameters;
  /** Costs a reading of the clock, which is in the measured time. */
  readonly mark: Mark<Component>;
}
