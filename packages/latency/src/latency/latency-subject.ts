import type { TargetSpec } from '@perfkeel/core';
import type { HttpOptions } from './http-options.ts';
import type { LatencyCall } from './latency-call.ts';

/** What the two kinds of work have in common. `Width` is a list only where one declaration is made for each value. */
export interface CommonWork<State, Parameters extends object, Width> {
  /** Makes what the calls share: once, outside the clock. */
  readonly setup?: (
    context: Pick<LatencyCall<unknown, never, Parameters>, 'target' | 'signal' | 'parameters'>,
  ) => State | Promise<State>;
  /** Takes down what `setup` made, also after a failure. */
  readonly teardown?: (state: State) => unknown;
  /**
   * Timed calls of a round. @default 200, and at least ten for each call under way; in a declaration as many as its
   * strictest objective takes to be decided
   */
  readonly samples?: number;
  /** Calls before those, untimed. @default a tenth of `samples`, and at least `concurrency` */
  readonly warmup?: number;
  /** How many calls are under way at a time; the next begins when one has ended. @default 1 */
  readonly concurrency?: Width;
  /** The system under test, started before each round. */
  readonly target?: TargetSpec;
}

/** A function of one's own. */
export interface FunctionWork<State, Component extends string, Parameters extends object> {
  /** The operation; timed until what it returns has settled. A rejection is counted, and its time left out. */
  readonly run: (call: LatencyCall<State, Component, Parameters>) => unknown;
  /**
   * The parts of a call that it ends with `mark`, in the order in which reports should name them. What is left after the
   * last mark is `rest`.
   */
  readonly components?: readonly Component[];
  readonly request?: never;
  readonly connection?: never;
  readonly timeout?: never;
  readonly tls?: never;
}

/** A request over HTTP/1.1. */
export interface RequestWork<Parameters extends object> extends HttpOptions<Parameters> {
  readonly run?: never;
  readonly components?: never;
}

/** An operation that is timed call by call: a function or a request. */
export type LatencySubject<
  State = undefined,
  Component extends string = never,
  Parameters extends object = object,
  Width = number,
> = CommonWork<State, Parameters, Width> & (FunctionWork<State, Component, Parameters> | RequestWork<Parameters>);
